import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Fault, hasCode } from '@minos/base';

/** Writes a file for its owner only; one that is there already is replaced only when that is wanted (Fault `exists`). */
export async function writeNewFile(path: string, text: string, options: { readonly isReplaced: boolean }): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(path, text, { mode: 0o600, flag: options.isReplaced ? 'w' : 'wx' });
  } catch (e) {
    if (!hasCode(e, 'EEXIST')) throw e;
    throw new Fault('exists', `${path} is there already; --force replaces it`, {}, { cause: e });
  }
}
