import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { hasCode } from '@minos/base';
import type { Terminal } from '../cli/terminal.ts';

/** Where a client configuration was looked for. */
export interface ConfigPath {
  readonly path: string;
  readonly exists: boolean;
}

/**
 * The client configuration to use: `--minosconfig`, then `$MINOSCONFIG`, whether they exist or not; else the first that
 * exists of `./.minos/config` and `~/.minos/config`, else the latter.
 */
export async function findConfig(terminal: Terminal, given: string | undefined): Promise<ConfigPath> {
  const named = given ?? (terminal.env['MINOSCONFIG'] || undefined);
  const candidates =
    named === undefined
      ? [join(terminal.cwd, '.minos/config'), join(terminal.home, '.minos/config')]
      : [resolve(terminal.cwd, named)];
  for (const path of candidates) {
    if (await isThere(path)) return { path, exists: true };
  }
  return { path: candidates.at(-1) ?? '', exists: false };
}

async function isThere(path: string): Promise<boolean> {
  try {
    await access(path, constants.F_OK);
    return true;
  } catch (e) {
    if (hasCode(e, 'ENOENT') || hasCode(e, 'ENOTDIR')) return false;
    throw e;
  }
}
