import type { Command, CommandCall, RunCommand } from '../cli/command.ts';
import { completeWords } from '../cli/complete-words.ts';
import { readClientConfig } from '../client-config/load-context.ts';

/** Makes the command that prints what may stand at the place of the last word, one a line, or `:files`. No node is asked. */
export function complete(commands: readonly Command[]): RunCommand<unknown> {
  return async (call) => {
    const found = completeWords(commands, call.words);
    const candidates = found.kind === 'words' ? found.words : found.kind === 'files' ? [':files'] : await known(call, found.kind);
    await call.terminal.out(candidates.map((word) => `${word}\n`).join(''));
    return 0;
  };
}

async function known({ terminal, globals }: CommandCall<unknown>, kind: 'nodes' | 'contexts'): Promise<readonly string[]> {
  const { config } = await readClientConfig(terminal, globals.minosconfig);
  if (kind === 'contexts') return [...config.contexts.keys()];
  const current = config.contexts.get(config.context);
  return [...new Set([...(current?.nodes ?? []), ...(current?.endpoints ?? [])])];
}
