import { dirname } from 'node:path';
import { hasCode, throwIfAborted } from '@minos/base';
import type { Machine } from '../runtime/machine.ts';
import type { WipeLabel } from './power-request.ts';

/** What to wipe. */
export interface WipeRequest {
  readonly label: WipeLabel;
  /** META, which is a file on STATE, outlives a wipe of STATE. */
  readonly keepsMeta: boolean;
}

/** Removes all that is on STATE or EPHEMERAL, or META; what is gone already is no failure. */
export async function wipePartition(
  { host: { files }, paths, log }: Pick<Machine, 'host' | 'paths' | 'log'>,
  { label, keepsMeta }: WipeRequest,
  signal: AbortSignal,
): Promise<void> {
  const wanted =
    label === 'META' ? [paths.metaFile] : await below(label === 'STATE' ? paths.stateDirectory : dirname(paths.logDirectory));
  for (const path of wanted) {
    throwIfAborted(signal);
    if (label === 'STATE' && keepsMeta && path === paths.metaFile) continue;
    await orGone(files.remove(path, { recursive: true }));
  }
  log.info({ label }, 'partition wiped');

  async function below(directory: string): Promise<readonly string[]> {
    const names = await orGone(files.list(directory));
    return (names ?? []).map((name) => `${directory}/${name}`);
  }
}

async function orGone<T>(work: Promise<T>): Promise<T | undefined> {
  try {
    return await work;
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return undefined;
    throw e;
  }
}
