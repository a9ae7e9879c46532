import { resolve } from 'node:path';
import { emitSecretsBundle, generateSecrets } from '@minos/config';
import type { RunCommand } from '../cli/command.ts';
import { writeNewFile } from '../output/write-new-file.ts';

interface Options {
  readonly output: string;
  readonly force: boolean;
}

/** Makes the secrets of a new cluster and writes them, for their owner only. */
export const genSecrets: RunCommand<Options> = async ({ options, terminal }) => {
  const path = resolve(terminal.cwd, options.output);
  const secrets = await generateSecrets(terminal.clock.now());
  await writeNewFile(path, emitSecretsBundle(secrets), { isReplaced: options.force });
  await terminal.out(`Created ${options.output}\n`);
  return 0;
};
