import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, messageOf } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';

/** The text of a file that a command line names; throws `missing` when it cannot be read. */
export async function readTextFile(path: string, { cwd }: Pick<Terminal, 'cwd'>): Promise<string> {
  try {
    return await readFile(resolve(cwd, path), 'utf8');
  } catch (e) {
    throw new Fault('missing', `cannot read ${path}: ${messageOf(e)}`, {}, { cause: e });
  }
}
