import { resolve } from 'node:path';
import { configSchema } from '@minos/config';
import type { RunCommand } from '../cli/command.ts';
import { writeNewFile } from '../output/write-new-file.ts';

interface Options {
  readonly output: string | undefined;
  readonly force: boolean;
}

/** Prints the JSON Schema of a machine configuration, or writes it to a file. */
export const genSchema: RunCommand<Options> = async ({ options, terminal }) => {
  const text = `${JSON.stringify(configSchema(), null, 2)}\n`;
  if (options.output === undefined) {
    await terminal.out(text);
    return 0;
  }
  await writeNewFile(resolve(terminal.cwd, options.output), text, { isReplaced: options.force });
  await terminal.out(`Created ${options.output}\n`);
  return 0;
};
