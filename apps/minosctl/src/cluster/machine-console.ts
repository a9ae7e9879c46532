import { readFile } from 'node:fs/promises';
import { hasCode } from '@minos/base';

/** What stage 1 says at every start of a machine. */
const START = '[minos] stage 1: starting';

/** How often a machine was started, by its console. */
export async function countStarts(log: string): Promise<number> {
  try {
    return (await readFile(log, 'latin1')).split(START).length - 1;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return 0;
    throw e;
  }
}
