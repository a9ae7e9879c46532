import { messageOf } from '@minos/base';
import { kernelParamPath, kernelParamRoot } from '@minos/config';
import type { Files } from '@minos/host';
import type { Machine } from '../runtime/machine.ts';
import { orNothing } from '../runtime/read-attribute.ts';
import type { RememberedParam } from '../runtime/restart-memory.ts';
import { type ParamStep, planParams } from './param-plan.ts';

/** What of the machine setting parameters needs. */
export type ParamMachine = Pick<Machine, 'host' | 'log' | 'memory'>;

/** The value of a parameter without blanks around it; undefined where the kernel has none, or does not show it. */
export async function readParam(files: Files, id: string): Promise<string | undefined> {
  const path = kernelParamPath(id);
  return orNothing(async () => {
    // sysfs is full of links; one that led elsewhere would be no parameter.
    if (!(await files.realPath(path)).startsWith(`${kernelParamRoot(id)}/`)) return undefined;
    return (await files.readText(path)).trim();
  });
}

/** The values of parameters by id. */
export async function readParams(files: Files, ids: Iterable<string>): Promise<ReadonlyMap<string, string | undefined>> {
  return new Map(await Promise.all([...ids].map(async (id) => [id, await readParam(files, id)] as const)));
}

/**
 * Makes parameters what they are to be, and gives those that nobody wants any more what they were at first. What they were is written
 * to the restart memory before anything is changed. Resolves with why some could not be set, by id.
 */
export async function applyParams(
  machine: ParamMachine,
  wanted: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, string>> {
  const { host, memory } = machine;
  const remembered = memory.value.params;
  const observed = await readParams(host.files, new Set([...wanted.keys(), ...Object.keys(remembered)]));
  const steps = planParams({ wanted, remembered, observed });
  if (steps.length === 0) return new Map();
  await remember(machine, steps.flatMap(initialOf));
  const failures = new Map<string, string>();
  const after: Change[] = [];
  // One after the other: some reset others (ip_forward, ip-sysctl.rst), and these are put right by the next look.
  for (const step of steps) {
    try {
      after.push(...(await execute(machine, step)));
    } catch (e) {
      failures.set(step.id, messageOf(e));
    }
  }
  await remember(machine, after);
  return failures;
}

/** What is to be kept in mind of a parameter; undefined to forget it. */
type Change = readonly [id: string, param: RememberedParam | undefined];

function initialOf(step: ParamStep): readonly Change[] {
  if (step.op !== 'note' && step.op !== 'set') return [];
  return [[step.id, { initial: step.initial, written: undefined, shown: step.initial }]];
}

async function remember({ memory }: ParamMachine, changes: readonly Change[]): Promise<void> {
  if (changes.length === 0) return;
  const params = new Map(Object.entries(memory.value.params));
  for (const [id, param] of changes) {
    if (param === undefined) params.delete(id);
    else if (param.written !== undefined || params.get(id)?.written === undefined) params.set(id, param);
  }
  await memory.update({ params: Object.fromEntries(params) });
}

async function execute({ host: { files }, log }: ParamMachine, step: ParamStep): Promise<readonly Change[]> {
  if (step.op === 'note') return [];
  if (step.op === 'forget') return [[step.id, undefined]];
  const { op, id, value } = step;
  if (op === 'set' && step.hasDrifted) log.warn({ param: id, value }, 'somebody changed a kernel parameter; putting it back');
  await files.write(kernelParamPath(id), `${value}\n`);
  log.debug({ param: id, value }, op === 'set' ? 'kernel parameter set' : 'kernel parameter put back to what it was');
  if (op === 'restore') return [[id, undefined]];
  return [[id, { initial: step.initial, written: value, shown: (await readParam(files, id)) ?? '' }]];
}
