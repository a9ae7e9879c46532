import { access } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, hasCode } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';
import { writeNewFile } from '../output/write-new-file.ts';

/** How files that were made are written. */
export interface OutputOptions {
  readonly terminal: Terminal;
  readonly isReplaced: boolean;
}

/** Writes texts to files, for their owner only, all or none: a name that is taken is found before anything is written. `-` is the standard output. */
export async function writeOutputs(files: ReadonlyMap<string, string>, { terminal, isReplaced }: OutputOptions): Promise<void> {
  for (const path of files.keys()) if (path !== '-' && !isReplaced) await refuseExisting(resolve(terminal.cwd, path));
  for (const [path, text] of files) {
    if (path === '-') {
      await terminal.out(text);
      continue;
    }
    await writeNewFile(resolve(terminal.cwd, path), text, { isReplaced });
    await terminal.out(`Created ${path}\n`);
  }
}

async function refuseExisting(path: string): Promise<void> {
  try {
    await access(path);
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return;
    throw e;
  }
  throw new Fault('exists', `${path} is there already; --force replaces it`);
}
