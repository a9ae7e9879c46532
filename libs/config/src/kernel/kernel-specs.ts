import { KernelModuleSpecSpec, KernelParamSpecSpec } from '@minos/api/resource-specs';
import type { MachineConfig } from '../machine-config.ts';

/** What the kernel is to have, as resources by id. */
export interface KernelSpecs {
  readonly modules: ReadonlyMap<string, KernelModuleSpecSpec>;
  readonly params: ReadonlyMap<string, KernelParamSpecSpec>;
}

/** The specs of a configuration, with the ids of the compatible system; pure. */
export function kernelSpecs({ kernel }: Pick<MachineConfig, 'kernel'>): KernelSpecs {
  return {
    modules: new Map(
      kernel.modules.map(({ name, parameters }) => [
        name,
        KernelModuleSpecSpec.fromPartial({ name, parameters: [...parameters] }),
      ]),
    ),
    params: new Map([...kernel.params].map(([id, value]) => [id, KernelParamSpecSpec.fromPartial({ value })])),
  };
}
