import type { MemInfo, SystemStat } from '@minos/api/machine';
import { CPUSpec, MemorySpec } from '@minos/api/resource-specs';
import { cpuStatsType, memoryStatsType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { parseMemInfo } from '../rpc/stats/mem-info.ts';
import { parseSystemStat } from '../rpc/stats/system-stat.ts';

const EVERY_MS = 30_000;

/** Shows what processor and memory are used for, twice a minute. */
export const countersController: Controller = {
  name: 'perf.StatsController',
  inputs: [],
  outputs: exclusive(cpuStatsType, memoryStatsType),
  everyMs: EVERY_MS,
  reconcile: async ({ host }, writer) => {
    const { files, system } = host;
    const stat = parseSystemStat(await files.readText('/proc/stat'), system.ticksPerSecond);
    await writer.put(cpuStatsType, 'latest', cpuSpecOf(stat));
    await writer.put(memoryStatsType, 'latest', memorySpecOf(parseMemInfo(await files.readText('/proc/meminfo'))));
  },
};

/** The counters of the processors as a resource; pure. */
export function cpuSpecOf(stat: SystemStat): CPUSpec {
  const { cpu, cpuTotal, irqTotal, contextSwitches, processCreated, processRunning, processBlocked, softIrqTotal } = stat;
  const counts = { irqTotal, contextSwitches, processCreated, processRunning, processBlocked, softIrqTotal };
  return CPUSpec.fromPartial({ cpu, ...counts, ...(cpuTotal === undefined ? {} : { cpuTotal }) });
}

/** The counters of the memory as a resource; pure. */
export function memorySpecOf(info: MemInfo): MemorySpec {
  return MemorySpec.fromPartial({
    ...sameNames(info),
    memTotal: info.memtotal,
    memUsed: info.memtotal - info.memfree,
    memAvailable: info.memavailable,
    sReclaimable: info.sreclaimable,
    sUnreclaim: info.sunreclaim,
    nfSunstable: info.nfsunstable,
    committedAs: info.committedas,
    hugepagesize: info.hugepagesize,
  });
}

/** The fields whose names differ only in where capitals stand. */
function sameNames(info: MemInfo): Partial<MemorySpec> {
  const byLowerCase = new Map(Object.keys(MemorySpec.fromPartial({})).map((name) => [name.toLowerCase(), name]));
  const named = Object.entries(info).map(([name, value]) => [byLowerCase.get(name), value] as const);
  return Object.fromEntries(named.filter(([name]) => name !== undefined));
}
