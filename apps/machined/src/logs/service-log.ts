import { Notice } from '../event/notice.ts';
import { LogRing } from './log-ring.ts';

/** Which part of a log is wanted. */
export interface LogQuery {
  /** Negative for all that is kept. */
  readonly tailLines: number;
  readonly follow: boolean;
}

const CHUNK_BYTES = 32 * 1024;

/** The newest lines of one service, with any number of readers, each at its own pace. A slow reader costs nothing: it loses, and is told how much. */
export class ServiceLog {
  readonly #ring: LogRing;
  readonly #notice = new Notice();

  constructor(limitBytes: number) {
    this.#ring = new LogRing(limitBytes);
  }

  append(bytes: Uint8Array): void {
    this.#ring.append(bytes);
    this.#notice.wake();
  }

  /** Bytes as asked for; ends at the end of the log unless it follows, and when the signal is aborted. */
  async *read(query: LogQuery, signal: AbortSignal): AsyncGenerator<Buffer> {
    const ring = this.#ring;
    let position = query.tailLines < 0 ? ring.start : ring.tailPosition(query.tailLines);
    while (!signal.aborted) {
      if (position < ring.start) {
        yield lossMarker(ring.start - position);
        position = ring.start;
      }
      const bytes = ring.read(position, CHUNK_BYTES);
      if (bytes.length > 0) {
        position += bytes.length;
        yield bytes;
      } else if (query.follow) {
        await this.#notice.wait(signal);
      } else {
        return;
      }
    }
  }
}

/** The line that stands where a reader was too slow. */
function lossMarker(bytes: number): Buffer {
  return Buffer.from(`\n[minos: ${bytes} bytes skipped, the reader was too slow]\n`);
}
