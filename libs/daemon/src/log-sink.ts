import { closeSync, constants, fstatSync, openSync, writeSync } from 'node:fs';

/** Where finished log lines go; never blocks and never throws: what does not fit is counted. */
export interface LogSink {
  write(line: string): void;
  /** Tries to get out what is half written or known to be lost. */
  flush(): void;
}

type WriteBytes = (bytes: Buffer) => number;

/** A sink over one non-blocking write; `lossLine` makes the line that tells how many were lost. */
export class CountingSink implements LogSink {
  readonly #writeBytes: WriteBytes;
  readonly #lossLine: (lost: number) => string;
  #rest: Buffer | undefined;
  #lost = 0;

  constructor(writeBytes: WriteBytes, lossLine: (lost: number) => string) {
    this.#writeBytes = writeBytes;
    this.#lossLine = lossLine;
  }

  write(line: string): void {
    this.flush();
    if (this.#rest !== undefined || this.#lost > 0) this.#lost += 1;
    else if (!this.#put(line)) this.#lost = 1;
  }

  flush(): void {
    if (this.#rest !== undefined) {
      const rest = this.#rest;
      this.#rest = undefined;
      this.#keepRest(rest, this.#tryWrite(rest));
    }
    if (this.#rest === undefined && this.#lost > 0 && this.#put(this.#lossLine(this.#lost))) this.#lost = 0;
  }

  /** Whether any of it went out; a line that began goes out whole, before anything else. */
  #put(line: string): boolean {
    const bytes = Buffer.from(line);
    const written = this.#tryWrite(bytes);
    if (written === 0) return false;
    this.#keepRest(bytes, written);
    return true;
  }

  #keepRest(bytes: Buffer, written: number): void {
    if (written < bytes.length) this.#rest = bytes.subarray(written);
  }

  #tryWrite(bytes: Buffer): number {
    try {
      return this.#writeBytes(bytes);
    } catch {
      return 0; // EAGAIN: the reader is slow; EPIPE: it is gone. Both are losses, told when a line fits again.
    }
  }
}

/**
 * Writes to a file descriptor without blocking. A pipe, FIFO or terminal is opened anew as non-blocking, so that the one
 * who shares it is not affected; where that is refused the descriptor is used as it is (wrapperd made it non-blocking).
 */
export function writerOf(fd: number): WriteBytes {
  const target = nonBlocking(fd);
  return (bytes) => writeSync(target, bytes);
}

function nonBlocking(fd: number): number {
  try {
    const stat = fstatSync(fd);
    if (!stat.isFIFO() && !stat.isCharacterDevice()) return fd;
    const opened = openSync(`/proc/self/fd/${fd}`, constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    const again = fstatSync(opened);
    if (again.ino === stat.ino && again.dev === stat.dev) return opened;
    closeSync(opened);
  } catch {
    // No /proc, or not ours to open: as it is.
  }
  return fd;
}
