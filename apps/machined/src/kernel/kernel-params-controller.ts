import { KernelParamStatusSpec } from '@minos/api/resource-specs';
import { kernelParamStatusType, machineStatusType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { kernelParameters } from '../runtime/kernel-parameters.ts';
import { orNothing } from '../runtime/read-attribute.ts';

/** Shows what the kernel parameters are that a node sets; they are set while it boots. */
export const kernelParamsController: Controller = {
  name: 'runtime.KernelParamStatusController',
  inputs: [{ type: machineStatusType, id: 'machine', strength: 'weak' }],
  outputs: exclusive(kernelParamStatusType),
  reconcile: async ({ host, platform }, writer) => {
    const statuses = await Promise.all(
      kernelParameters(platform).map(async ({ path }) => {
        const current = await orNothing(() => host.files.readText(path));
        const spec = { current: current?.trim() ?? '', default: '', unsupported: current === undefined };
        return [keyOf(path), KernelParamStatusSpec.fromPartial(spec)] as const;
      }),
    );
    await writer.replaceAll(kernelParamStatusType, new Map(statuses));
  },
};

/** `proc.sys.net.ipv4.ip_forward` for the file of that parameter; pure. */
export function keyOf(path: string): string {
  return path.replace(/^\//, '').replaceAll('/', '.');
}
