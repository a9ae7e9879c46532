import { close as closeFd, constants, open as openFd, fstat as statFd } from 'node:fs';
import { Socket } from 'node:net';
import { promisify } from 'node:util';
import { Fault } from '@minos/base';

const CHUNK_BYTES = 64 * 1024;

const open = promisify(openFd);
const stat = promisify(statFd);
const close = promisify(closeFd);

/**
 * Bytes of a FIFO as they come, until aborted. It is opened for writing too, so that it has no end when its last writer
 * goes; libuv polls it, so no thread waits; and it is read only when the reader asks, so that what is not taken stays in the kernel.
 * Each chunk is good until the next is asked for.
 */
export async function* readFifo(path: string, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  if (signal.aborted) return;
  const reader = new FifoReader(await openFifo(path));
  const stop = (): void => reader.close();
  signal.addEventListener('abort', stop, { once: true });
  try {
    if (signal.aborted) return;
    for (let chunk = await reader.read(); chunk !== undefined; chunk = await reader.read()) yield chunk;
  } finally {
    signal.removeEventListener('abort', stop);
    reader.close();
  }
}

async function openFifo(path: string): Promise<number> {
  const fd = await open(path, constants.O_RDWR | constants.O_NONBLOCK);
  if ((await stat(fd)).isFIFO()) return fd;
  await close(fd);
  throw new Fault('invalid', `${path} is not a FIFO`, { path });
}

/** Reads one chunk for each call of `read`, and nothing between. */
class FifoReader {
  readonly #buffer = Buffer.allocUnsafeSlow(CHUNK_BYTES);
  readonly #socket: Socket;
  #arrived: Buffer | undefined;
  #error: Error | undefined;
  #isClosed = false;
  #wake: (() => void) | undefined;

  constructor(fd: number) {
    const callback = (length: number): boolean => {
      this.#arrived = this.#buffer.subarray(0, length);
      this.#notify();
      return false; // Stops reading until resume().
    };
    this.#socket = new Socket({ fd, readable: true, writable: false, onread: { buffer: this.#buffer, callback } });
    this.#socket.on('error', (e) => {
      this.#error = e;
    });
    this.#socket.on('close', () => {
      this.#isClosed = true;
      this.#notify();
    });
  }

  /** The next chunk; undefined once closed. */
  async read(): Promise<Buffer | undefined> {
    if (this.#arrived === undefined && !this.#isClosed) {
      const woken = new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
      this.#socket.resume();
      await woken;
    }
    const chunk = this.#arrived;
    this.#arrived = undefined;
    if (chunk === undefined && this.#error !== undefined) throw this.#error;
    return chunk;
  }

  close(): void {
    this.#socket.destroy();
  }

  #notify(): void {
    this.#wake?.();
    this.#wake = undefined;
  }
}
