import type { Clock } from '@minos/base';
import { fit, type Line, type Size, type Style } from './line.ts';

const CODES: Readonly<Record<Style, string>> = {
  plain: '0',
  bold: '0;1',
  dim: '0;2',
  good: '0;32',
  bad: '0;31',
  warn: '0;33',
  selected: '0;7',
};
/** News of the node are drawn at most this often. */
const PAUSE_MS = 500;

/** Draws lines on a terminal: only those that changed. */
export class ScreenWriter {
  #shown: readonly string[] = [];
  #size = '';

  /** Sends every line again at the next update. */
  forget(): void {
    this.#shown = [];
  }

  /** What to send so that these lines are shown; everything is sent again when the size is another. Pure but for what it remembers. */
  update(lines: readonly Line[], { columns, rows }: Size): string {
    const size = `${columns}x${rows}`;
    const isNew = size !== this.#size;
    const wanted = Array.from({ length: rows }, (_, i) => ansiText(fit(lines[i] ?? [], columns)));
    const changes = wanted.flatMap((text, i) => (isNew || text !== this.#shown[i] ? [`\x1b[${i + 1};1H${text}`] : []));
    this.#shown = wanted;
    this.#size = size;
    return `${isNew ? '\x1b[0m\x1b[2J' : ''}${changes.join('')}`;
  }
}

function ansiText(line: Line): string {
  return `${line.map(({ text, style }) => `\x1b[${CODES[style]}m${text}`).join('')}\x1b[0m`;
}

/** Calls a function soon after it was asked to, and at most once in half a second. */
export class Pacer {
  readonly #clock: Clock;
  readonly #work: () => void;
  readonly #signal: AbortSignal;
  #lastMs = Number.NEGATIVE_INFINITY;
  #isDue = false;

  constructor(clock: Clock, work: () => void, signal: AbortSignal) {
    this.#clock = clock;
    this.#work = work;
    this.#signal = signal;
  }

  /** Does it when half a second is over since the last time. */
  ask(): void {
    if (this.#isDue || this.#signal.aborted) return;
    this.#isDue = true;
    const waitMs = Math.max(0, this.#lastMs + PAUSE_MS - this.#clock.monotonicMs());
    this.#clock.sleep(waitMs, this.#signal).then(
      () => this.now(),
      () => undefined,
    );
  }

  /** Does it at once, as a key wants it. */
  now(): void {
    this.#isDue = false;
    if (this.#signal.aborted) return;
    this.#lastMs = this.#clock.monotonicMs();
    this.#work();
  }
}
