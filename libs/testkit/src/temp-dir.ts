import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory of one test, removed with all that is in it when its owner is done. */
export interface TempDir extends AsyncDisposable {
  readonly path: string;
  /** A path inside. */
  file(name: string): string;
}

/** Makes a new directory `minos-test-<purpose>-<pid>-…` under the system's temporary folder. */
export async function tempDir(purpose: string): Promise<TempDir> {
  const path = await mkdtemp(join(tmpdir(), `minos-test-${purpose}-${process.pid}-`));
  return {
    path,
    file: (name) => join(path, name),
    [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }),
  };
}
