import { Fault } from '@minos/base';
import type { RunCommand } from '../cli/command.ts';
import { editConfig } from '../client-config/edit-config.ts';

/** Chooses the context in use. */
export const configContext: RunCommand<unknown> = async (call) => {
  const name = call.words[0] ?? '';
  await editConfig(call, (config) => {
    if (config.contexts.has(name)) return { ...config, context: name };
    const known = [...config.contexts.keys()].join(', ');
    throw new Fault('missing', `there is no context "${name}"; there are: ${known === '' ? 'none' : known}`);
  });
  await call.terminal.out(`context "${name}" is in use\n`);
  return 0;
};
