/** How a piece of text is shown. */
export type Style = 'plain' | 'bold' | 'dim' | 'good' | 'bad' | 'warn' | 'selected';

/** A piece of a line. */
export interface Span {
  readonly text: string;
  readonly style: Style;
}

/** One line of the screen. */
export type Line = readonly Span[];

/** The size of a terminal, in cells. */
export interface Size {
  readonly columns: number;
  readonly rows: number;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about.
const UNSAFE = /[\x00-\x1f\x7f-\x9f]|[\u0300-\u036f]|[\u1100-\u1fff]|[\u2e80-\uffff]/g;

/** One span whose text cannot move the cursor: control characters and wide ones become `?`. */
export function span(text: string, style: Style = 'plain'): Span {
  return { text: text.replaceAll('\t', ' ').replaceAll(UNSAFE, '?'), style };
}

/** The text of a line without its styles. */
export function textOf(line: Line): string {
  return line.map(({ text }) => text).join('');
}

/** The line at exactly this width: cut, or filled with blanks. */
export function fit(line: Line, width: number): Line {
  const fitted: Span[] = [];
  let left = Math.max(0, width);
  for (const { text, style } of line) {
    const kept = text.slice(0, left);
    if (kept !== '') fitted.push({ text: kept, style });
    left -= kept.length;
  }
  if (left > 0) fitted.push({ text: ' '.repeat(left), style: 'plain' });
  return fitted;
}

/** Two columns of the same width with a gap of two between them. */
export function beside(left: readonly Line[], right: readonly Line[], width: number): readonly Line[] {
  const half = Math.floor((width - 2) / 2);
  return Array.from({ length: Math.max(left.length, right.length) }, (_, i) => [
    ...fit(left[i] ?? [], half),
    span('  '),
    ...fit(right[i] ?? [], width - half - 2),
  ]);
}

/** A heading that reaches over the whole width. */
export function heading(title: string, width: number): Line {
  return [span(`── ${title} `, 'bold'), span('─'.repeat(Math.max(0, width - title.length - 4)), 'dim')];
}

/** Lines of a table whose last column takes what is left; the first line is its heading. */
export function tableLines(titles: readonly string[], rows: readonly (readonly (string | Span)[])[]): readonly Line[] {
  const spans = rows.map((row) => row.map((cell) => (typeof cell === 'string' ? span(cell) : cell)));
  const widths = titles.map((title, i) => Math.max(title.length, ...spans.map((row) => row[i]?.text.length ?? 0)));
  const align = (row: readonly Span[]): Line =>
    row.flatMap((cell, i) => (i === titles.length - 1 ? [cell] : [...fit([cell], widths[i] ?? 0), span('  ')]));
  return [align(titles.map((title) => span(title, 'dim'))), ...spans.map(align)];
}
