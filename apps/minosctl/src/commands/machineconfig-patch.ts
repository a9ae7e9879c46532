import { Fault, formatProblems } from '@minos/base';
import { patchConfig } from '@minos/config';
import type { RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { readTextFile } from '../client-config/read-text-file.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly patch: readonly string[];
  readonly output: string;
  readonly force: boolean;
}

/** Applies patches to a configuration in a file; what comes out is printed, or written to another one. */
export const machineconfigPatch: RunCommand<Options> = async ({ options, terminal, words }) => {
  const text = await readTextFile(words[0] ?? '', terminal);
  const patches = await Promise.all(options.patch.map((patch) => readPatch(patch, terminal.cwd)));
  const result = patchConfig(text, patches);
  if (!result.ok) throw new Fault('invalid', `the patch does not fit:\n${formatProblems(result.problems)}`);
  await writeOutputs(new Map([[options.output, result.value]]), { terminal, isReplaced: options.force });
  return 0;
};
