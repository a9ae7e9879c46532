import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { hasCode, throwIfAborted } from '@minos/base';

const CHUNK_BYTES = 64 * 1024;

/** Content of a file in pieces, each read when it is asked for; a FIFO or device ends where reading would wait. Throws `cancelled` when aborted before the end. */
export async function* streamFile(
  path: string,
  signal: AbortSignal,
  options: { readonly chunkBytes?: number; readonly from?: number } = {},
): AsyncGenerator<Buffer, void, undefined> {
  throwIfAborted(signal);
  // Non-blocking, so that neither opening nor reading a FIFO or a terminal can hold a thread of libuv's small pool.
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
  try {
    let position = options.from ?? null;
    for (;;) {
      const chunk = await readChunk(handle, options.chunkBytes ?? CHUNK_BYTES, position);
      if (chunk.length === 0) return;
      if (position !== null) position += chunk.length;
      yield chunk;
      throwIfAborted(signal);
    }
  } finally {
    await handle.close();
  }
}

async function readChunk(handle: FileHandle, size: number, position: number | null): Promise<Buffer> {
  const buffer = Buffer.allocUnsafeSlow(size);
  try {
    const { bytesRead } = await handle.read(buffer, 0, size, position);
    return buffer.subarray(0, bytesRead);
  } catch (e) {
    if (hasCode(e, 'EAGAIN')) return buffer.subarray(0, 0);
    throw e;
  }
}
