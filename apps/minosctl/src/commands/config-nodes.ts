import type { RunCommand } from '../cli/command.ts';
import { editContext } from '../client-config/edit-config.ts';
import { parseTargets } from '../select/selector.ts';

/** Sets the nodes of the context; none removes them. */
export const configNodes: RunCommand<unknown> = async (call) => {
  const nodes = call.words.flatMap((word) => word.split(','));
  // A selector that is none is told now, not at the next command.
  parseTargets(nodes);
  const file = await editContext(call, (context) => ({ ...context, nodes }));
  await call.terminal.out(`nodes: ${nodes.join(', ') || 'none'} (${file})\n`);
  return 0;
};
