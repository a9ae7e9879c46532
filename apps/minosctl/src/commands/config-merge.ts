import { resolve } from 'node:path';
import { mergeClientConfig } from '@minos/config';
import type { RunCommand } from '../cli/command.ts';
import { editConfig } from '../client-config/edit-config.ts';
import { readConfigFile } from '../client-config/load-context.ts';

/** Takes in the contexts of another client configuration; the one in use there is then in use here. */
export const configMerge: RunCommand<unknown> = async (call) => {
  const { terminal, words } = call;
  const other = await readConfigFile(resolve(terminal.cwd, words[0] ?? ''));
  let inUse = '';
  const file = await editConfig(call, (config) => {
    const merged = mergeClientConfig(config, other);
    inUse = merged.context;
    return merged;
  });
  await terminal.out(`${other.contexts.size} contexts are in ${file} now; "${inUse}" is in use\n`);
  return 0;
};
