import type { Data } from '@minos/api/common';
import type { ReadRequest } from '@minos/api/machine';
import { Fault } from '@minos/base';
import type { Files } from '@minos/host';
import { fileFault, machinePath } from './machine-path.ts';

/** Bytes of a file in one message. */
const CHUNK_BYTES = 64 * 1024;

/** Answers Read: the bytes of one regular file, read only as fast as the caller takes them. */
export async function* readFile(files: Files, request: ReadRequest, signal: AbortSignal): AsyncGenerator<Data, void, undefined> {
  const path = machinePath(request.path);
  try {
    const real = await files.realPath(path);
    const { type } = await files.stat(real);
    if (type === 'directory') throw new Fault('invalid', `${path} is a directory: list it, or copy it as an archive`, { path });
    if (type !== 'file') throw new Fault('invalid', `${path} is not a regular file`, { path });
    for await (const bytes of files.stream(real, signal, { chunkBytes: CHUNK_BYTES })) yield { metadata: undefined, bytes };
  } catch (e) {
    throw fileFault(e, path);
  }
}
