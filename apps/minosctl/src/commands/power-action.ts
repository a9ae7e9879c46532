import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { withSession } from '../node-call/session.ts';
import { bootIdOf, type TrackedAction, trackAction } from '../track/track-action.ts';
import { guardedWrite } from '../write/guarded-write.ts';
import type { WriteOptions } from '../write/write-options.ts';

/** Options of every action that takes nodes down. */
export interface PowerOptions extends WriteOptions {
  readonly wait: boolean;
  readonly timeout: number;
  readonly force: boolean;
}

/** Runs an action on the nodes, and waits for its end unless told not to. */
export function powerAction<V extends PowerOptions>(
  call: CommandCall<V>,
  action: TrackedAction & { readonly gets: string; readonly done: string },
): Promise<ExitCode> {
  return withSession(call, async (session) => {
    const { terminal, options } = call;
    const timeoutMs = options.timeout * 1000;
    const machine = client(session.channel, MachineServiceDefinition);
    const isBack = action.until === 'rebooted';
    return guardedWrite(call, session, {
      gets: action.gets,
      downtime: isBack ? 'comes-back' : 'stays-down',
      isForced: options.force,
      ...(isBack ? { mark: (node) => bootIdOf(machine, { ...session.to(node), timeoutMs: 10_000 }).catch(() => '') } : {}),
      apply: async (node) => {
        if (options.wait) await trackAction(node, action, { session, terminal, timeoutMs });
        else await action.start(machine, { ...session.to(node), timeoutMs });
        return options.wait ? action.done : 'asked';
      },
    });
  });
}
