import type { Size } from './line.ts';

/** A terminal that is drawn on, in raw mode until it is disposed of, as a port. */
export interface Screen extends Disposable {
  size(): Size;
  write(text: string): void;
  /** Calls back with what keys send, until the screen is disposed of. */
  onInput(listener: (sent: string) => void): void;
  /** Calls back when the size is another. */
  onResize(listener: () => void): void;
}
