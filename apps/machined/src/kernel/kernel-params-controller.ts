import { KernelParamSpecSpec, KernelParamStatusSpec } from '@minos/api/resource-specs';
import { Fault } from '@minos/base';
import {
  diagnosticType,
  kernelParamDefaultSpecType,
  kernelParamSpecType,
  kernelParamStatusType,
  machineConfigType,
} from '@minos/resource';
import type { Controller } from '../controller/controller.ts';
import { exclusive, strong, weak } from '../controller/controller-facts.ts';
import { kernelParameters } from '../runtime/kernel-parameters.ts';
import type { Machine } from '../runtime/machine.ts';
import { applyParams, readParams } from './param-apply.ts';
import { isOwnParam } from './param-scope.ts';

/** Id of the Diagnostic that says which parameters a node in a container leaves alone. */
const FOREIGN_DIAGNOSTIC = 'kernel-parameters';
/** The kernel does not tell of changes. */
const LOOK_AGAIN_MS = 60_000;

/** Publishes what parameters are to be where the configuration says nothing. */
export const kernelParamDefaultsController: Controller = {
  name: 'runtime.KernelParamDefaultsController',
  inputs: [],
  outputs: exclusive(kernelParamDefaultSpecType),
  reconcile: async ({ platform }, writer) => {
    const specs = kernelParameters(platform).map(
      ({ id, value }) => [id, KernelParamSpecSpec.fromPartial({ value, ignoreErrors: true })] as const,
    );
    await writer.replaceAll(kernelParamDefaultSpecType, new Map(specs));
  },
};

/** Keeps the parameters of the kernel what they are to be, and shows them. Before there is a configuration it only shows them. */
export const kernelParamsController: Controller = {
  name: 'runtime.KernelParamSpecController',
  inputs: [...strong(kernelParamDefaultSpecType, machineConfigType), ...weak(kernelParamSpecType)],
  outputs: exclusive(kernelParamStatusType),
  everyMs: LOOK_AGAIN_MS,
  reconcile: async (machine, writer) => {
    const { host, memory, platform } = machine;
    const specs = await wantedSpecs(machine);
    const own = [...specs].filter(([id]) => isOwnParam(platform, id));
    const isConfigured = machine.state.peek(machineConfigType, 'v1alpha1') !== undefined;
    const failures = isConfigured
      ? await applyParams(machine, new Map(own.map(([id, { value }]) => [id, value])))
      : new Map<string, string>();
    const observed = await readParams(host.files, specs.keys());
    const statuses = [...specs.keys()].map((id) => {
      const current = observed.get(id);
      const isUnsupported = current === undefined || !isOwnParam(platform, id);
      const initial = memory.value.params[id]?.initial ?? '';
      const spec = { current: current ?? '', default: initial, unsupported: isUnsupported };
      return [id, KernelParamStatusSpec.fromPartial(spec)] as const;
    });
    await writer.replaceAll(kernelParamStatusType, new Map(statuses));
    await sayForeign(
      machine,
      [...specs.keys()].filter((id) => !isOwnParam(platform, id)),
    );
    if (isConfigured) demandAll(new Map(own), observed, failures);
  },
};

/** What is wanted of all parameters: the configuration before the defaults. */
async function wantedSpecs({ state }: Machine): Promise<ReadonlyMap<string, KernelParamSpecSpec>> {
  const [defaults, configured] = await Promise.all([state.list(kernelParamDefaultSpecType), state.list(kernelParamSpecType)]);
  return new Map([...defaults, ...configured].map(({ metadata, spec }) => [metadata.id, spec]));
}

async function sayForeign({ state }: Machine, ids: readonly string[]): Promise<void> {
  const diagnostics = state.as('runtime.DiagnosticsController');
  if (ids.length === 0) {
    await diagnostics.remove(diagnosticType, FOREIGN_DIAGNOSTIC);
    return;
  }
  const message = 'a node in a container sets only kernel parameters of its own namespaces; set these on its host';
  await diagnostics.put(diagnosticType, FOREIGN_DIAGNOSTIC, { message, details: [...ids].sort() });
}

/** Throws a Fault `precondition` that names every parameter of the configuration that is not as it is to be. */
function demandAll(
  specs: ReadonlyMap<string, KernelParamSpecSpec>,
  observed: ReadonlyMap<string, string | undefined>,
  failures: ReadonlyMap<string, string>,
): void {
  const demanded = [...specs].filter(([, { ignoreErrors }]) => !ignoreErrors);
  const problems = demanded.flatMap(([id]) => {
    if (observed.get(id) === undefined) return [`${id}: this kernel has none of that name, or its module is not loaded`];
    const why = failures.get(id);
    return why === undefined ? [] : [`${id}: ${why}`];
  });
  // What was removed from the configuration and cannot be put back is tried again too.
  const left = [...failures].filter(([id]) => !specs.has(id)).map(([id, why]) => `${id}: ${why}`);
  const all = [...problems, ...left];
  if (all.length === 0) return;
  throw new Fault(
    'precondition',
    `kernel parameters cannot be set; change or remove them in the configuration: ${all.join('; ')}`,
  );
}
