import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { onlyNode, withSession } from '../node-call/session.ts';

/** Prints a file of one node as it is; what came before an error is printed. */
export const cat: RunCommand<unknown> = (call) =>
  withSession(call, async (session) => {
    const node = onlyNode(session, 'cat');
    const machine = client(session.channel, MachineServiceDefinition);
    try {
      for await (const { bytes } of machine.Read({ path: call.words[0] ?? '' }, session.to(node))) await call.terminal.out(bytes);
      return 0;
    } catch (error) {
      return reportFailures(call.terminal, [{ node, error }]);
    }
  });
