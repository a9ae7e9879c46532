import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, formatProblems, Scope } from '@minos/base';
import { toYamlText } from '@minos/config';
import type { DaemonContext } from '@minos/daemon';
import type { Host } from '@minos/host';
import { simulatedHost } from '@minos/host/simulated';
import { allResourceTypes, bindStateService, daemonPolicy, MemoryState } from '@minos/resource';
import { serve } from '@minos/rpc';
import { INPUT_TYPES, OUTPUT_TYPES } from '../network/state-access.ts';
import { fillState } from './fill-state.ts';
import { parseFixture } from './fixture.ts';

/** A machine and a machined that are not there. Disposing it ends both. */
export interface Simulation extends AsyncDisposable {
  readonly host: Host;
  /** Where the run tree is. */
  readonly runDir: string;
}

/** Makes the machine of a fixture, and serves the state that networkd reads where machined would. Throws a Fault `invalid` for a wrong fixture. */
export async function openSimulation(
  context: Pick<DaemonContext, 'runDir' | 'clock' | 'log' | 'signal'>,
  file: string,
): Promise<Simulation> {
  const fixture = parseFixture(await readFile(file, 'utf8'));
  if (!fixture.ok) throw new Fault('invalid', `fixture ${file}: ${formatProblems(fixture.problems)}`);
  const scope = new Scope();
  const runDir = context.runDir === '' ? await mkdtemp(join(tmpdir(), 'networkd-')) : context.runDir;
  if (context.runDir === '') scope.use(() => rm(runDir, { recursive: true, force: true }));
  const host = scope.use(simulatedHost(fixture.value.machine, { clock: context.clock }));
  const state = new MemoryState({ clock: context.clock, types: allResourceTypes });
  await fillState(state, fixture.value);
  const policy = daemonPolicy({ readable: INPUT_TYPES, owned: OUTPUT_TYPES });
  const service = bindStateService({ state, types: allResourceTypes, policy, emitYaml: toYamlText, until: context.signal });
  const path = join(runDir, 'system/run/networkd/runtime.sock');
  scope.use(await serve({ listen: { kind: 'unix', path, mode: 0o600 }, services: [service], log: context.log }));
  const played = host.play(context.signal);
  scope.use(() => played.catch(() => undefined));
  context.log.info({ runDir }, 'simulated machine and state are there');
  return { host, runDir, [Symbol.asyncDispose]: () => scope.close() };
}
