import { newPrivateKey } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly name: string;
  readonly force: boolean;
}

/** Makes an Ed25519 key. */
export const genKey: RunCommand<Options> = async ({ options, terminal }) => {
  const files = new Map([[`${options.name}.key`, await newPrivateKey('ed25519')]]);
  await writeOutputs(files, { terminal, isReplaced: options.force });
  return 0;
};
