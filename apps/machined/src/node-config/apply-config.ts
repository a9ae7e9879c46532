import { messageOf } from '@minos/base';
import { diagnosticType } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import { automaticHostname } from './automatic-hostname.ts';
import type { ConfigChange } from './config-keeper.ts';
import { publishConfig } from './config-publish.ts';
import type { ConfigEvent } from './config-table.ts';

const DIAGNOSTIC = 'machine-configuration-trial';

/** What of the machine changing its configuration needs. */
export type ConfigMachine = Pick<Machine, 'config' | 'state' | 'identity' | 'log' | 'clock'>;

/** Changes the configuration as the table says, and makes the node follow what is in force afterwards. To be called in turn. */
export async function changeConfig(machine: ConfigMachine, event: ConfigEvent, change?: ConfigChange): Promise<void> {
  const { config, log } = machine;
  const before = config.current;
  await config.change(event, change);
  const id = config.trial?.id;
  log.info({ change: event, phase: config.phase, ...(id === undefined ? {} : { trial: id }) }, 'configuration changed');
  if (config.current !== before) await publishInForce(machine);
}

/** Publishes what is in force as resources, and whether it is on trial. */
export async function publishInForce({ config, state, identity }: Omit<ConfigMachine, 'log' | 'clock'>): Promise<void> {
  const { current, trial } = config;
  if (current === undefined) return;
  await publishConfig(state, current, { automaticHostname: automaticHostname(identity.nodeId), kept: config.kept });
  const diagnostics = state.as('runtime.DiagnosticsController');
  if (trial === undefined) await diagnostics.remove(diagnosticType, DIAGNOSTIC);
  else {
    const message = 'a configuration is on trial; the node goes back by itself unless it is confirmed';
    await diagnostics.put(diagnosticType, DIAGNOSTIC, { message, details: [`id ${trial.id}`] });
  }
}

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
