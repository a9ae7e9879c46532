import { Notice } from '../event/notice.ts';
import type { FollowerPace } from './follower-pace.ts';
import { countLines } from './log-block.ts';
import { LogMarks } from './log-marks.ts';
import { LogRing } from './log-ring.ts';

/** Which part of a log is wanted. */
export interface LogQuery {
  /** Negative for all that is kept. */
  readonly tailLines: number;
  readonly follow: boolean;
  /** Nothing that came more than a second before this time, in milliseconds since 1970. */
  readonly sinceMs?: number;
}

/** What a log needs. */
export interface ServiceLogOptions {
  readonly limitBytes: number;
  /** Milliseconds since 1970. */
  readonly nowMs: () => number;
  readonly pace: FollowerPace;
}

const CHUNK_BYTES = 32 * 1024;
const PACK_EVERY_MS = 1000;

/** The newest lines of one service, with any number of readers, each at its own pace. A slow reader costs nothing: it loses, and is told how much. */
export class ServiceLog {
  readonly #options: ServiceLogOptions;
  readonly #ring: LogRing;
  readonly #marks = new LogMarks();
  readonly #notice = new Notice();
  #packedMs = 0;
  #recentBytes = 0;

  constructor(options: ServiceLogOptions) {
    this.#options = options;
    this.#ring = new LogRing(options.limitBytes);
  }

  /** What it takes in memory. */
  get keptBytes(): number {
    return this.#ring.keptBytes;
  }

  append(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const now = this.#options.nowMs();
    this.#marks.add(this.#ring.end, now);
    this.#options.pace.intake(bytes.length);
    this.#ring.append(bytes);
    this.#packUnlessFlooded(now, bytes.length);
    this.#marks.forget(this.#ring.start);
    this.#notice.wake();
  }

  /** Takes what an earlier run left. */
  load(bytes: Buffer): void {
    this.#marks.addWritten(this.#ring.end, bytes);
    this.#ring.append(bytes);
    this.#ring.pack();
  }

  /** The last line, as far as it came; empty when there is none. */
  lastLine(): string {
    return this.#ring.read(this.#ring.tailPosition(1), this.#options.limitBytes).toString('utf8');
  }

  /** Bytes as asked for; ends at the end of the log unless it follows, and when the signal is aborted. */
  async *read(query: LogQuery, signal: AbortSignal): AsyncGenerator<Buffer> {
    const ring = this.#ring;
    let position = this.#beginning(query);
    let lines = ring.linesAt(position);
    while (!signal.aborted) {
      await this.#options.pace.turn(Math.min(CHUNK_BYTES, ring.end - position));
      if (position < ring.start) {
        yield lossMarker({ bytes: ring.start - position, lines: ring.linesBefore - lines });
        position = ring.start;
        lines = ring.linesBefore;
      }
      const bytes = ring.read(position, CHUNK_BYTES);
      if (bytes.length > 0) {
        position += bytes.length;
        lines += countLines(bytes);
        yield bytes;
      } else if (query.follow) {
        await this.#notice.wait(signal);
      } else {
        return;
      }
    }
  }

  /** What comes so fast that it is soon forgotten is not worth the work. */
  #packUnlessFlooded(now: number, count: number): void {
    this.#recentBytes += count;
    if (now - this.#packedMs < PACK_EVERY_MS) return;
    if (this.#recentBytes < this.#options.limitBytes) this.#ring.pack();
    this.#packedMs = now;
    this.#recentBytes = 0;
  }

  #beginning({ tailLines, sinceMs }: LogQuery): number {
    const ring = this.#ring;
    const tail = tailLines < 0 ? ring.start : ring.tailPosition(tailLines);
    const since = sinceMs === undefined ? ring.start : (this.#marks.since(sinceMs) ?? ring.end);
    return Math.max(tail, since, ring.start);
  }
}

/** The line that stands where a reader was too slow. */
function lossMarker({ bytes, lines }: { readonly bytes: number; readonly lines: number }): Buffer {
  return Buffer.from(`\n[minos: ${bytes} bytes in ${lines} lines skipped, the reader was too slow]\n`);
}
