import type { Terminal } from '../cli/terminal.ts';
import { alignRow, type Row, tableText } from './table.ts';

/** A table that is printed while its rows come: columns are as wide as the heading and the first rows need. */
export class GrowingTable {
  readonly #terminal: Pick<Terminal, 'out'>;
  readonly #heading: Row;
  #widths: readonly number[] | undefined;

  constructor(terminal: Pick<Terminal, 'out'>, heading: Row) {
    this.#terminal = terminal;
    this.#heading = heading;
  }

  /** Prints rows; the heading comes before the first of them. */
  async add(rows: readonly Row[]): Promise<void> {
    const widths = this.#widths;
    if (widths !== undefined) return this.#terminal.out(rows.map((row) => `${alignRow(row, widths)}\n`).join(''));
    this.#widths = this.#heading.map((_, i) => Math.max(...[this.#heading, ...rows].map((row) => (row[i] ?? '').length)));
    await this.#terminal.out(tableText(this.#heading, rows));
  }
}
