import { flag, number, type OptionValues } from '../cli/option.ts';

/** Options of every command that changes nodes. */
export const WRITE_OPTIONS = {
  yes: flag('do not ask before more than one node is changed', { short: 'y' }),
  canary: number('count', 0, 'first so many nodes alone; the rest only when they are healthy again'),
  'max-unavailable': number(
    'count',
    0,
    'at most so many nodes at a time, each batch healthy again before the next; 0 for all at once',
  ),
  restart: flag('begin with the first node, also when an earlier run of the same command was interrupted'),
} as const;

/** The same, with what goes beyond the majority of control planes. */
export const FORCE_OPTION = flag('also when less than a majority of the control planes would be left meanwhile');

/** Values of the write options. */
export type WriteOptions = OptionValues<typeof WRITE_OPTIONS>;
