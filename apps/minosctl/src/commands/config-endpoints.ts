import type { RunCommand } from '../cli/command.ts';
import { editContext } from '../client-config/edit-config.ts';
import { parseEndpoint } from '../node-call/parse-endpoint.ts';

/** Sets the endpoints of the context; none removes them. */
export const configEndpoints: RunCommand<unknown> = async (call) => {
  const endpoints = call.words.flatMap((word) => word.split(','));
  for (const endpoint of endpoints) parseEndpoint(endpoint);
  const file = await editContext(call, (context) => ({ ...context, endpoints }));
  await call.terminal.out(`endpoints: ${endpoints.join(', ') || 'none'} (${file})\n`);
  return 0;
};
