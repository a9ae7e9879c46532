import {
  KernelModuleStatusSpec,
  LoadedKernelModuleSpec,
  RuntimeKernelModuleState as State,
  RuntimeKernelModuleType as Type,
} from '@minos/api/resource-specs';
import { kernelModuleStatusType, loadedKernelModuleType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive } from '../controller/controller-facts.ts';
import { readAttribute } from '../runtime/read-attribute.ts';

const LOOK_AGAIN_MS = 60_000;
const STATE: Readonly<Record<string, State>> = {
  Live: State.KERNEL_MODULE_STATE_LIVE,
  Loading: State.KERNEL_MODULE_STATE_LOADING,
  Unloading: State.KERNEL_MODULE_STATE_UNLOADING,
};

/** Shows the modules that the kernel has loaded. */
export const kernelModulesController: Controller = {
  name: 'runtime.KernelModuleStatusController',
  inputs: [],
  outputs: exclusive(kernelModuleStatusType, loadedKernelModuleType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async ({ host }, writer) => {
    const loaded = parseModules(await readAttribute(host.files, '/proc/modules'));
    await writer.replaceAll(loadedKernelModuleType, loaded);
    const statuses = [...loaded].map(([name, module]) => [name, statusOf(module)] as const);
    await writer.replaceAll(kernelModuleStatusType, new Map(statuses));
  },
};

/** Parses /proc/modules (proc_modules(5)), by name; pure. */
export function parseModules(text: string): ReadonlyMap<string, LoadedKernelModuleSpec> {
  const lines = text.split('\n').map((line) => line.split(' '));
  return new Map(lines.filter((fields) => fields.length >= 6).map((fields) => [fields[0] ?? '', moduleOf(fields)]));
}

function moduleOf([
  ,
  size = '',
  references = '',
  users = '',
  state = '',
  address = '',
]: readonly string[]): LoadedKernelModuleSpec {
  const number = (digits: string): bigint => (/^\d+$/.test(digits) ? BigInt(digits) : 0n);
  const dependencies = users.split(',').filter((name) => name !== '' && name !== '-');
  return LoadedKernelModuleSpec.fromPartial({
    size: number(size),
    referenceCount: number(references),
    dependencies,
    state,
    address,
  });
}

function statusOf({ size, referenceCount, dependencies, state, address }: LoadedKernelModuleSpec): KernelModuleStatusSpec {
  return KernelModuleStatusSpec.fromPartial({
    type: Type.KERNEL_MODULE_TYPE_DYNAMIC,
    size,
    referenceCount,
    dependencies,
    state: STATE[state] ?? State.KERNEL_MODULE_STATE_LIVE,
    address,
  });
}
