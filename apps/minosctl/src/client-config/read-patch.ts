import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, messageOf } from '@minos/base';

/** The text of a patch as a command line gives it: its own text, or `@file`. Throws `missing` when the file cannot be read. */
export async function readPatch(given: string, cwd: string): Promise<string> {
  if (!given.startsWith('@')) return given;
  try {
    return await readFile(resolve(cwd, given.slice(1)), 'utf8');
  } catch (e) {
    throw new Fault('missing', `cannot read the patch ${given.slice(1)}: ${messageOf(e)}`, {}, { cause: e });
  }
}
