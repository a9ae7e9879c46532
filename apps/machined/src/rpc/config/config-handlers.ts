import { type ConfigServiceDefinition, ConfirmResponse, PendingResponse, RevertResponse } from '@minos/api/minos';
import { Fault } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import { changeConfig } from '../../node-config/apply-config.ts';
import { configDigest } from '../../node-config/config-record.ts';
import { checkConfirmation } from '../../node-config/confirm-trial.ts';
import type { Machine } from '../../runtime/machine.ts';
import { duration } from '../duration.ts';

/** The handlers of minos.v1.ConfigService. */
export type ConfigHandlers = Partial<Implementation<typeof ConfigServiceDefinition>>;

/** Pending, Confirm and Revert: trials of configurations. */
export function configHandlers(machine: Machine): ConfigHandlers {
  const { config, clock } = machine;
  return {
    Pending: async () => {
      config.checkLoaded();
      const { trial, current, kept } = config;
      const remainingMs = trial === undefined ? 0 : Math.max(0, Math.round(trial.endsMs - clock.monotonicMs()));
      return PendingResponse.fromPartial({
        id: trial?.id ?? '',
        digest: configDigest(current?.text),
        keptDigest: configDigest(kept),
        ...(trial === undefined ? {} : { remaining: duration(remainingMs) }),
      });
    },
    Confirm: ({ id }, { metadata }) =>
      config.inTurn(async () => {
        config.checkLoaded();
        checkConfirmation(config.trial, { id, metadata, nowMs: clock.monotonicMs() });
        await changeConfig(machine, 'confirm');
        return ConfirmResponse.fromPartial({});
      }),
    Revert: ({ id }) =>
      config.inTurn(async () => {
        config.checkLoaded();
        if (config.trial !== undefined && config.trial.id !== id) {
          throw new Fault('precondition', 'another configuration is on trial; ask again which one');
        }
        await changeConfig(machine, 'revert');
        return RevertResponse.fromPartial({});
      }),
  };
}
