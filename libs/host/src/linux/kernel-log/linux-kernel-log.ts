import { constants } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { type Clock, Fault, hasCode, isFault } from '@minos/base';
import type { KernelLog, KernelLogRecord } from '../../port/kernel-log.ts';
import { parseKernelRecord } from './kernel-record.ts';

const RECORD_BYTES = 8192;
const POLL_MS = 100;
const MAX_WRITE_BYTES = 900;
/** LOG_DAEMON of syslog(3); the kernel refuses facility 0 from user space. */
const FACILITY = 3;

/** /dev/kmsg. A reader holds a descriptor and, while it follows, looks every 100 ms; nothing waits in a thread. */
export class LinuxKernelLog implements KernelLog {
  readonly #path: string;
  readonly #clock: Clock;

  constructor(path: string, clock: Clock) {
    this.#path = path;
    this.#clock = clock;
  }

  async *records(
    options: { readonly follow: boolean; readonly tail: boolean; readonly everyMs?: number },
    signal: AbortSignal,
  ): AsyncGenerator<KernelLogRecord, void, undefined> {
    const handle = await openLog(this.#path, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      if (options.tail) while ((await readRecord(handle)) !== undefined) if (signal.aborted) return;
      while (!signal.aborted) {
        const record = await readRecord(handle);
        if (record !== undefined) yield* parsedOnly(record);
        else if (options.follow) await this.#clock.sleep(options.everyMs ?? POLL_MS, signal);
        else return;
      }
    } catch (e) {
      if (!signal.aborted || !isFault(e, 'cancelled')) throw e;
    } finally {
      await handle.close();
    }
  }

  async write(severity: number, message: string): Promise<void> {
    const text = Buffer.from(message.replaceAll('\n', ' ')).subarray(0, MAX_WRITE_BYTES);
    try {
      const handle = await open(this.#path, constants.O_WRONLY | constants.O_NONBLOCK);
      try {
        await handle.write(Buffer.concat([Buffer.from(`<${FACILITY * 8 + (severity & 7)}>`), text, Buffer.from('\n')]));
      } finally {
        await handle.close();
      }
    } catch {
      // Best effort: a machine without a kernel log, or one that is not ours to write, loses the line.
    }
  }
}

function parsedOnly(text: string): readonly KernelLogRecord[] {
  const record = parseKernelRecord(text);
  return record === undefined ? [] : [record];
}

/** The next record; undefined at the newest. */
async function readRecord(handle: FileHandle): Promise<string | undefined> {
  const buffer = Buffer.allocUnsafe(RECORD_BYTES);
  for (;;) {
    try {
      const { bytesRead } = await handle.read(buffer, 0, RECORD_BYTES, null);
      return bytesRead === 0 ? undefined : buffer.toString('utf8', 0, bytesRead);
    } catch (e) {
      if (hasCode(e, 'EAGAIN')) return undefined;
      if (!hasCode(e, 'EPIPE')) throw e; // EPIPE: overwritten before it was read; the next read is the oldest kept.
    }
  }
}

async function openLog(path: string, flags: number): Promise<FileHandle> {
  try {
    return await open(path, flags);
  } catch (cause) {
    if (hasCode(cause, 'EPERM') || hasCode(cause, 'EACCES')) {
      throw new Fault('denied', `the kernel log ${path} may not be read by this process`, { path }, { cause });
    }
    throw new Fault('unavailable', `the kernel log ${path} is not there on this machine`, { path }, { cause });
  }
}
