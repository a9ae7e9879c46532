import type { MachineStatusSpec } from '@minos/api/resource-specs';

/** The nodes that a health check is about; addresses as clients would use them. */
export interface HealthNodes {
  readonly controlPlanes: readonly string[];
  readonly workers: readonly string[];
}

/** What a health check asks nodes. Each call throws a Fault when the node cannot be asked or refuses. */
export interface ClusterView {
  version(node: string, signal: AbortSignal): Promise<{ readonly tag: string; readonly mode: string }>;
  memoryKb(node: string, signal: AbortSignal): Promise<bigint>;
  /** One sentence each. */
  diagnostics(node: string, signal: AbortSignal): Promise<readonly string[]>;
  machineStatus(node: string, signal: AbortSignal): Promise<MachineStatusSpec | undefined>;
}
