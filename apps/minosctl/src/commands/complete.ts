import type { CommandCall, RunCommand } from '../cli/command.ts';
import { completeWords } from '../cli/complete-words.ts';
import { readClientConfig } from '../client-config/load-context.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';

/** Prints what may stand at the place of the last word, one a line; `:files` when a file name may. No node is asked. */
export const complete: RunCommand<unknown> = async (call) => {
  const { words, terminal } = call;
  const found = completeWords(COMMAND_TABLE.commands, words);
  if (found.kind === 'files') await terminal.out(':files\n');
  else {
    const candidates = found.kind === 'words' ? found.words : await known(call, found.kind);
    await terminal.out(candidates.map((word) => `${word}\n`).join(''));
  }
  return 0;
};

async function known({ terminal, globals }: CommandCall<unknown>, kind: 'nodes' | 'contexts'): Promise<readonly string[]> {
  const { config } = await readClientConfig(terminal, globals.minosconfig);
  if (kind === 'contexts') return [...config.contexts.keys()];
  const current = config.contexts.get(config.context);
  return [...new Set([...(current?.nodes ?? []), ...(current?.endpoints ?? [])])];
}
