import { CPUStat, MemInfo, ProcessInfo, ServiceInfo, SystemStat } from '@minos/api/machine';
import type { NodeReading } from '../node-reading.ts';

/** What differs between readings of a test. */
export interface ReadingParts extends Partial<NodeReading> {
  readonly idle?: number;
  readonly user?: number;
  /** In seconds, of the processes 1, 2, … */
  readonly cpuTimes?: readonly number[];
}

/** A reading of a control plane in order, with 2 processors and 1 GiB. */
export function testReading({ idle = 0, user = 0, cpuTimes = [1], ...parts }: ReadingParts): NodeReading {
  return {
    atMs: 0,
    stat: SystemStat.fromPartial({ bootTime: 0n, cpuTotal: { idle, user }, cpu: [CPUStat.create(), CPUStat.create()] }),
    memory: MemInfo.fromPartial({ memtotal: 1_048_576n, memavailable: 786_432n }),
    load: undefined,
    processes: cpuTimes.map((cpuTime, i) =>
      ProcessInfo.fromPartial({ pid: i + 1, state: 'S', cpuTime, residentMemory: 50_000_000n, command: `program-${i + 1}` }),
    ),
    services: [
      ServiceInfo.fromPartial({
        id: 'apid',
        state: 'Running',
        health: { healthy: true },
        events: { events: [{ msg: 'Health check successful' }] },
      }),
      ServiceInfo.fromPartial({ id: 'trustd', state: 'Failed', health: { unknown: true } }),
    ],
    hostname: 'cp-1',
    version: 'Minos v0.1.0',
    uuid: undefined,
    machineType: 'controlplane',
    clusterName: 'lab',
    members: 3,
    stage: 'running',
    isReady: true,
    unmet: [],
    addresses: ['10.5.0.2/24'],
    gateways: ['10.5.0.1'],
    resolvers: ['10.5.0.1'],
    timeServers: [],
    isConnected: true,
    diagnostics: [],
    ...parts,
  };
}
