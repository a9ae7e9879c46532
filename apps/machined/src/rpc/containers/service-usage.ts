import type { Host } from '@minos/host';
import { readAttribute } from '../../runtime/read-attribute.ts';
import { parseProcessStat } from '../processes/process-stat.ts';

/** What a service uses. */
export interface Usage {
  readonly memoryBytes: bigint;
  /** Since its start, in nanoseconds. */
  readonly cpuNs: bigint;
}

const CGROUP = '/sys/fs/cgroup/system';
const NS_PER_US = 1000n;

/** What a service uses: that of its cgroup, or of its one process where this machine has no cgroup v2. */
export async function readUsage(host: Host, service: { readonly id: string; readonly pid: number }): Promise<Usage> {
  const { files, system } = host;
  const [memory, cpu] = await Promise.all(
    ['memory.current', 'cpu.stat'].map((name) => readAttribute(files, `${CGROUP}/${service.id}/${name}`)),
  );
  const ofGroup = groupUsage(memory ?? '', cpu ?? '');
  if (ofGroup !== undefined) return ofGroup;
  const stat = parseProcessStat(await readAttribute(files, `/proc/${service.pid}/stat`));
  return {
    memoryBytes: (stat?.residentPages ?? 0n) * BigInt(system.pageSizeBytes),
    cpuNs: BigInt(Math.round(((stat?.cpuTicks ?? 0) / system.ticksPerSecond) * 1e9)),
  };
}

/** From the texts of memory.current and cpu.stat (cgroup-v2.rst); undefined where one of them is not there. Pure. */
export function groupUsage(memory: string, cpu: string): Usage | undefined {
  const usageUs = /^usage_usec (\d+)$/m.exec(cpu)?.[1];
  if (!/^\d+$/.test(memory) || usageUs === undefined) return undefined;
  return { memoryBytes: BigInt(memory), cpuNs: BigInt(usageUs) * NS_PER_US };
}
