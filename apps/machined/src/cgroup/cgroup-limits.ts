import type { DaemonName } from '../runtime/daemon-access.ts';

/** What a cgroup may have of the machine (Documentation/admin-guide/cgroup-v2.rst). */
export interface Limits {
  readonly minMib: number;
  readonly lowMib: number;
  /** Undefined for no limit. */
  readonly maxMib: number | undefined;
  /** Share of the processors when they are short, in thousandths of one. */
  readonly cpuMillicores: number;
  readonly hasSwap: boolean;
}

/** What there is to share out. */
export interface Capacity {
  readonly cores: number;
  readonly memoryMib: number;
}

const MIB = 2 ** 20;
/** A small machine has less to promise: what is kept for one is taken from all others, and one that runs away must not reach the end of the machine. */
const MOST = { min: 1 / 8, low: 1 / 4, max: 3 / 8 } as const;

/** The groups directly below the root; init's own has machined in it too. */
export const GROUP_LIMITS: Readonly<Record<'init' | 'system', Limits>> = {
  init: { minMib: 96, lowMib: 192, maxMib: undefined, cpuMillicores: 2000, hasSwap: false },
  system: { minMib: 96, lowMib: 192, maxMib: undefined, cpuMillicores: 1500, hasSwap: true },
};

/** The groups of the services, below `system`. V8's own limit (`--max-old-space-size`) is below `maxMib`, so that a heap that grows is collected first. */
export const SERVICE_LIMITS: Readonly<Record<DaemonName, Limits>> = {
  apid: { minMib: 16, lowMib: 32, maxMib: 128, cpuMillicores: 500, hasSwap: false },
  trustd: { minMib: 8, lowMib: 16, maxMib: 128, cpuMillicores: 250, hasSwap: false },
  networkd: { minMib: 8, lowMib: 16, maxMib: 128, cpuMillicores: 250, hasSwap: false },
};

/** Of the dashboard, which only machines with a screen have: nothing is kept for it. */
export const DASHBOARD_LIMITS: Limits = { minMib: 0, lowMib: 0, maxMib: 128, cpuMillicores: 200, hasSwap: false };

/** The weight of a share of the processors: that of CPU shares of cgroup v1, mapped to the range of v2, at most all of the machine. Pure. */
export function cpuWeight(millicores: number, cores: number): number {
  const shares = Math.max(2, Math.floor((Math.min(millicores, cores * 1000) * 1024) / 1000));
  return Math.floor(((shares - 2) * 9999) / 262_142) + 1;
}

/** The files to write for a group on a machine, by name; pure. */
export function limitFiles(limits: Limits, { cores, memoryMib }: Capacity): Readonly<Record<string, string>> {
  const atMost = (mib: number, share: number): string => String(Math.min(mib, Math.floor(memoryMib * share)) * MIB);
  return {
    'memory.min': atMost(limits.minMib, MOST.min),
    'memory.low': atMost(limits.lowMib, MOST.low),
    'memory.max': limits.maxMib === undefined ? 'max' : atMost(limits.maxMib, MOST.max),
    'memory.swap.max': limits.hasSwap ? 'max' : '0',
    // The whole service goes, not one process of it: so init sees its end, and it is started again.
    'memory.oom.group': limits.maxMib === undefined ? '0' : '1',
    'cpu.weight': String(cpuWeight(limits.cpuMillicores, cores)),
  };
}
