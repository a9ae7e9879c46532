import type { RunCommand } from '../cli/command.ts';
import { editConfig, noContext } from '../client-config/edit-config.ts';

/** Chooses the context in use. */
export const configContext: RunCommand<unknown> = async (call) => {
  const name = call.words[0] ?? '';
  await editConfig(call, (config, file) => {
    if (config.contexts.has(name)) return { ...config, context: name };
    throw noContext(name, config, file);
  });
  await call.terminal.out(`context "${name}" is in use\n`);
  return 0;
};
