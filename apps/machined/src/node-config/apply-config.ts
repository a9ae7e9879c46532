import { messageOf } from '@minos/base';
import { apiCertificatesType, diagnosticType } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import { automaticHostname } from './automatic-hostname.ts';
import type { ConfigChange } from './config-keeper.ts';
import { publishConfig } from './config-publish.ts';
import type { ConfigEvent } from './config-table.ts';
import { networkFollows, observedNetwork } from './network-follows.ts';
import { trustFollows } from './trust-follows.ts';

const DIAGNOSTIC = 'machine-configuration-trial';

/** What of the machine changing its configuration needs. */
export type ConfigMachine = Pick<Machine, 'config' | 'state' | 'identity' | 'log' | 'clock'>;

/** Changes the configuration as the table says, and makes the node follow what is in force afterwards. To be called in turn. */
export async function changeConfig(machine: ConfigMachine, event: ConfigEvent, change?: ConfigChange): Promise<void> {
  await decideConfig(machine, event, change);
  if (machine.config.current !== machine.config.published) await publishInForce(machine);
}

/** Changes the configuration as the table says; the node follows it a moment later, when an answer has had time to leave. To be called in turn. */
export async function decideConfig({ config, log }: ConfigMachine, event: ConfigEvent, change?: ConfigChange): Promise<void> {
  await config.change(event, change);
  const id = config.trial?.id;
  log.info({ change: event, phase: config.phase, ...(id === undefined ? {} : { trial: id }) }, 'configuration changed');
}

/** Makes the node follow what was decided, until aborted. */
export async function followDecisions(machine: ConfigMachine, signal: AbortSignal): Promise<void> {
  const { config, clock } = machine;
  while (!signal.aborted) {
    const changed = config.untilChanged(signal);
    // Before the first publication a boot decides when.
    if (config.published === undefined || config.current === config.published) {
      await changed;
      continue;
    }
    await clock.sleep(ANSWER_MS, signal).catch(() => undefined);
    if (signal.aborted) return;
    await config.inTurn(async () => {
      if (config.current !== config.published) await publishInForce(machine);
    });
  }
}

/** Time for an answer to leave by the way that it will not find afterwards. */
const ANSWER_MS = 300;

/** Publishes what is in force as resources, and whether it is on trial. */
export async function publishInForce({ config, state, identity }: Omit<ConfigMachine, 'log' | 'clock'>): Promise<void> {
  const { current, trial } = config;
  if (current === undefined) return;
  await publishConfig(state, current, { automaticHostname: automaticHostname(identity.nodeId), kept: config.kept });
  config.markPublished(current);
  const diagnostics = state.as('runtime.DiagnosticsController');
  if (trial === undefined) await diagnostics.remove(diagnosticType, DIAGNOSTIC);
  else {
    const message = 'a configuration is on trial; the node goes back by itself unless it is confirmed';
    await diagnostics.put(diagnosticType, DIAGNOSTIC, { message, details: [`id ${trial.id}`] });
  }
}

/** Tells each trial when the node has come to follow it, until aborted: from then on new connections prove something. One that it never follows cannot be confirmed. */
export async function followTrialBegins(machine: ConfigMachine, signal: AbortSignal): Promise<void> {
  const { config, clock, state } = machine;
  while (!signal.aborted) {
    const { trial, current } = config;
    const changed = config.untilChanged(signal);
    if (trial === undefined || trial.begunMs !== undefined || current === undefined) {
      await changed;
      continue;
    }
    const before = config.keptConfig;
    const isFollowed = async (): Promise<boolean> =>
      config.published === current &&
      networkFollows(current, before, await observedNetwork(state)) &&
      trustFollows(current, before, state.peek(apiCertificatesType, 'api')?.spec);
    while (config.trial?.id === trial.id && !(await isFollowed()) && !signal.aborted) {
      await clock.sleep(LOOK_MS, signal).catch(() => undefined);
    }
    // Links and routes are made with the addresses, and certificates taken a little after they are there.
    await clock.sleep(SETTLE_MS, signal).catch(() => undefined);
    config.beginTrial(trial.id);
  }
}

const LOOK_MS = 50;
const SETTLE_MS = 500;

/** Goes back from every trial whose time is over, until aborted. A trial that is still there after an attempt is ended by the next. */
export async function followTrials(machine: ConfigMachine, signal: AbortSignal): Promise<void> {
  const { config, clock, log } = machine;
  while (!signal.aborted) {
    const { trial } = config;
    const changed = new AbortController();
    const until = AbortSignal.any([signal, changed.signal]);
    const change = config.untilChanged(until);
    if (trial === undefined) {
      await change;
      continue;
    }
    const over = clock.sleep(Math.max(0, trial.endsMs - clock.monotonicMs()), until).then(
      () => true,
      () => false,
    );
    const isOver = await Promise.race([over, change.then(() => false)]);
    changed.abort();
    if (!isOver || signal.aborted) continue;
    try {
      await config.inTurn(async () => {
        if (config.trial?.id !== trial.id) return;
        log.warn({ trial: trial.id }, 'the configuration was not confirmed in time; going back');
        await changeConfig(machine, 'revert');
      });
    } catch (e) {
      log.error({ err: messageOf(e) }, 'going back from a configuration failed; trying again');
      await clock.sleep(RETRY_MS, signal).catch(() => undefined);
    }
  }
}

const RETRY_MS = 1000;
