import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { forEachNode } from '../node-call/for-each-node.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { type TrackedAction, trackAction } from '../track/track-action.ts';

/** Options of every action that takes nodes down. */
export interface PowerOptions {
  readonly wait: boolean;
  readonly timeout: number;
}

/** Runs an action on all nodes at once, and waits for its end unless told not to. */
export function powerAction<V extends PowerOptions>(
  call: CommandCall<V>,
  action: TrackedAction & { readonly done: string },
): Promise<ExitCode> {
  return withSession(call, async (session) => {
    const { terminal, options } = call;
    const timeoutMs = options.timeout * 1000;
    const { answers, failures } = await forEachNode(session.nodes, session.nodes.length, async (node) => {
      if (options.wait) return trackAction(node, action, { session, terminal, timeoutMs });
      await action.start(client(session.channel, MachineServiceDefinition), { ...session.to(node), timeoutMs });
    });
    for (const { node } of answers) await terminal.out(`${node}: ${options.wait ? action.done : 'asked'}\n`);
    return reportFailures(terminal, failures);
  });
}
