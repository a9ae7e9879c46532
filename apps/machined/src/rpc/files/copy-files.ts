import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Data } from '@minos/api/common';
import type { CopyRequest } from '@minos/api/machine';
import { fileFault, machinePath } from './machine-path.ts';
import { type TarSource, tarArchive } from './tar-archive.ts';

const CHUNK_BYTES = 64 * 1024;

/** Answers Copy: a file or directory as tar.gz, made only as fast as the caller takes it. */
export async function* copyFiles(
  deps: Pick<TarSource, 'files' | 'log'>,
  request: CopyRequest,
  signal: AbortSignal,
): AsyncGenerator<Data, void, undefined> {
  const root = machinePath(request.rootPath);
  const stop = new AbortController();
  const both = AbortSignal.any([signal, stop.signal]);
  const archive = tarArchive({ ...deps, root }, both);
  // Asked for before anything is sent, so that a root that is missing is the answer and not an archive that breaks off.
  const first = await archive.next().catch((e: unknown) => {
    throw fileFault(e, root);
  });
  const gzip = createGzip({ chunkSize: CHUNK_BYTES });
  const filled = pipeline(joined(first, archive), gzip, { signal: both });
  filled.catch(() => undefined);
  try {
    for await (const bytes of gzip) yield { metadata: undefined, bytes };
    await filled;
  } catch (e) {
    throw fileFault(e, root);
  } finally {
    stop.abort();
    gzip.destroy();
  }
}

async function* joined(
  first: IteratorResult<Buffer, void>,
  rest: AsyncGenerator<Buffer, void, undefined>,
): AsyncGenerator<Buffer, void, undefined> {
  if (first.done === true) return;
  yield first.value;
  yield* rest;
}
