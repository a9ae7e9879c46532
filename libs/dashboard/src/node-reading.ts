import type { LoadAvg, MemInfo, ProcessInfo, ServiceInfo, SystemStat } from '@minos/api/machine';

/** What a node said at one moment; undefined where it did not, or where the caller may not know. */
export interface NodeReading {
  readonly atMs: number;
  readonly stat: SystemStat | undefined;
  readonly memory: MemInfo | undefined;
  readonly load: LoadAvg | undefined;
  readonly processes: readonly ProcessInfo[] | undefined;
  readonly services: readonly ServiceInfo[] | undefined;
  readonly hostname: string | undefined;
  readonly version: string | undefined;
  readonly uuid: string | undefined;
  readonly machineType: string | undefined;
  readonly clusterName: string | undefined;
  readonly members: number | undefined;
  readonly stage: string | undefined;
  readonly isReady: boolean | undefined;
  /** What it still waits for, each with its reason. */
  readonly unmet: readonly string[];
  readonly addresses: readonly string[] | undefined;
  readonly gateways: readonly string[] | undefined;
  readonly resolvers: readonly string[] | undefined;
  readonly timeServers: readonly string[] | undefined;
  readonly isConnected: boolean | undefined;
  readonly diagnostics: readonly string[];
}
