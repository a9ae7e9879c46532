import type { RunCommand } from '../cli/command.ts';
import { readClientConfig } from '../client-config/load-context.ts';
import { DocumentWriter } from '../output/documents.ts';
import { tableText } from '../output/table.ts';

/** Lists the contexts of the client configuration. */
export const configContexts: RunCommand<unknown> = async ({ globals, terminal }) => {
  const { config } = await readClientConfig(terminal, globals.minosconfig);
  const contexts = [...config.contexts].map(([name, { endpoints, nodes }]) => ({
    name,
    endpoints,
    nodes,
    isCurrent: name === config.context,
  }));
  if (globals.output === 'table') {
    const rows = contexts.map((c) => [c.isCurrent ? '*' : '', c.name, c.endpoints.join(','), c.nodes.join(',')]);
    await terminal.out(tableText(['CURRENT', 'NAME', 'ENDPOINTS', 'NODES'], rows));
  } else {
    const writer = new DocumentWriter(terminal, globals.output);
    for (const { isCurrent, ...context } of contexts) await writer.write({ ...context, current: isCurrent });
  }
  return 0;
};
