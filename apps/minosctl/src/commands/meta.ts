import { Fault } from '@minos/base';
import type { RunCommand } from '../cli/command.ts';
import { writeEach } from '../write/write-each.ts';
import type { WriteOptions } from '../write/write-options.ts';

/** Keeps a value in META of the nodes. */
export const metaWrite: RunCommand<WriteOptions> = writeEach({
  gets: ({ words }) => `keeps ${words[0]}`,
  ask: (machine, options, { words }) =>
    machine.MetaWrite({ key: metaKey(words[0] ?? ''), value: Buffer.from(words[1] ?? '') }, options),
  line: (_message, { words }) => `${words[0]} is kept`,
});

/** Forgets a value in META of the nodes. */
export const metaDelete: RunCommand<WriteOptions> = writeEach({
  gets: ({ words }) => `forgets ${words[0]}`,
  ask: (machine, options, { words }) => machine.MetaDelete({ key: metaKey(words[0] ?? '') }, options),
  line: (_message, { words }) => `${words[0]} is forgotten`,
});

/** A key as a number or as `0x0a`; throws `invalid` when it is none. */
export function metaKey(text: string): number {
  const key = /^(0x[0-9a-f]{1,2}|\d{1,3})$/i.test(text) ? Number(text) : -1;
  if (key >= 0 && key <= 255) return key;
  throw new Fault('invalid', `a key of META is a number from 1 to 255, such as 0x0c, not "${text}"`);
}
