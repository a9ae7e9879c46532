import {
  type KernelModuleSpecSpec,
  KernelModuleStatusSpec,
  LoadedKernelModuleSpec,
  RuntimeKernelModuleState as State,
  RuntimeKernelModuleType as Type,
} from '@minos/api/resource-specs';
import { Fault } from '@minos/base';
import type { Files } from '@minos/host';
import { diagnosticType, kernelModuleSpecType, kernelModuleStatusType, loadedKernelModuleType } from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive, weak } from '../controller/controller-facts.ts';
import type { Machine } from '../runtime/machine.ts';
import { readAttribute } from '../runtime/read-attribute.ts';
import { loadModules, missingModules } from './load-modules.ts';

const LOOK_AGAIN_MS = 60_000;
const STATE: Readonly<Record<string, State>> = {
  Live: State.KERNEL_MODULE_STATE_LIVE,
  Loading: State.KERNEL_MODULE_STATE_LOADING,
  Unloading: State.KERNEL_MODULE_STATE_UNLOADING,
};

/** Id of the Diagnostic that says which modules a node in a container leaves to its host. */
const FOREIGN_DIAGNOSTIC = 'kernel-modules';

/** Loads the modules that are wanted, and shows those that the kernel has. One that is not wanted any more stays: others may use it. */
export const kernelModulesController: Controller = {
  name: 'runtime.KernelModuleSpecController',
  inputs: weak(kernelModuleSpecType),
  outputs: exclusive(kernelModuleStatusType, loadedKernelModuleType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async (machine, writer) => {
    const { host, platform, state } = machine;
    const wanted = (await state.list(kernelModuleSpecType)).map(({ spec }) => spec);
    const missing = await missingModules(machine, wanted, (await readModules(host.files)).keys());
    const mayLoad = platform === 'metal';
    await sayForeign(machine, mayLoad ? [] : missing);
    const problems = mayLoad ? await loadModules(machine, missing) : [];
    const loaded = await readModules(host.files);
    await writer.replaceAll(loadedKernelModuleType, loaded);
    const statuses = [...loaded].map(([name, module]) => [name, statusOf(module)] as const);
    await writer.replaceAll(kernelModuleStatusType, new Map(statuses));
    if (problems.length === 0) return;
    const text = `kernel modules cannot be loaded; change or remove them in the configuration: ${problems.join('; ')}`;
    throw new Fault('precondition', text);
  },
};

async function readModules(files: Files): Promise<ReadonlyMap<string, LoadedKernelModuleSpec>> {
  return parseModules(await readAttribute(files, '/proc/modules'));
}

async function sayForeign({ state }: Machine, missing: readonly KernelModuleSpecSpec[]): Promise<void> {
  const diagnostics = state.as('runtime.DiagnosticsController');
  if (missing.length === 0) {
    await diagnostics.remove(diagnosticType, FOREIGN_DIAGNOSTIC);
    return;
  }
  const message = 'a node in a container loads no kernel modules; load these on its host';
  await diagnostics.put(diagnosticType, FOREIGN_DIAGNOSTIC, { message, details: missing.map(({ name }) => name).sort() });
}

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
