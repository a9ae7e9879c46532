import type { RunCommand } from '../cli/command.ts';
import { completionScript, SHELLS } from '../cli/completion-script.ts';

/** Prints the completion script of a shell. */
export const completion: RunCommand<unknown> = async ({ words, terminal }) => {
  const shell = SHELLS.find((name) => name === words[0]);
  if (shell !== undefined) await terminal.out(completionScript(shell));
  return 0;
};
