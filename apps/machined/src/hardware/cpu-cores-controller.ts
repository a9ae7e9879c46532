import type { CPUInfo } from '@minos/api/machine';
import { CPUCoreSpec } from '@minos/api/resource-specs';
import { cpuCoreType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { parseCpuInfo } from '../rpc/stats/cpu-info.ts';
import { readAttribute } from '../runtime/read-attribute.ts';

/** Shows the cores of the processors. */
export const cpuCoresController: Controller = {
  name: 'hardware.CPUCoreController',
  inputs: [],
  outputs: exclusive(cpuCoreType),
  reconcile: async ({ host }, writer) => {
    await writer.replaceAll(cpuCoreType, cpuCoresOf(parseCpuInfo(await readAttribute(host.files, '/proc/cpuinfo'))));
  },
};

/** Cores by `<socket>-<core>`, each with the logical processors that it shows itself as; pure. */
export function cpuCoresOf(processors: readonly CPUInfo[]): ReadonlyMap<string, CPUCoreSpec> {
  const cores = Map.groupBy(processors, coreOf);
  const specs = [...cores].map(([id, [first, ...others]]) => {
    const logicalCpUs = [first, ...others].flatMap((processor) => processor?.processor ?? []);
    return [id, specOf(first, logicalCpUs)] as const;
  });
  return new Map(specs);
}

/** A machine that does not tell sockets and cores, such as one in a simulation, has one core for each processor. */
function coreOf({ physicalId, coreId, processor }: CPUInfo): string {
  return `${physicalId || '0'}-${coreId || String(processor)}`;
}

function specOf(info: CPUInfo | undefined, logicalCpUs: readonly number[]): CPUCoreSpec {
  return CPUCoreSpec.fromPartial({
    logicalCpUs: [...logicalCpUs],
    socket: info?.physicalId ?? '',
    coreId: info?.coreId ?? '',
    vendorId: info?.vendorId ?? '',
    cpuFamily: info?.cpuFamily ?? '',
    model: info?.model ?? '',
    modelName: info?.modelName ?? '',
    stepping: info?.stepping ?? '',
    microcode: info?.microcode ?? '',
    cacheSize: info?.cacheSize ?? '',
    coresPerSocket: info?.cpuCores ?? 0,
    threadsPerSocket: info?.siblings ?? 0,
    flags: info?.flags ?? [],
    bugs: info?.bugs ?? [],
    bogoMips: info?.bogoMips ?? 0,
    addressSizes: info?.addressSizes ?? '',
  });
}
