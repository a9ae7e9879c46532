/** A row of a table; cells are text already. */
export type Row = readonly string[];

const GAP = '   ';

/** Lines of a table: upper-case headings, columns aligned, three spaces apart, nothing behind the last cell; pure. */
export function tableText(heading: Row, rows: readonly Row[]): string {
  const all = [heading, ...rows].map((row) => row.map(oneLine));
  const widths = heading.map((_, column) => Math.max(...all.map((row) => (row[column] ?? '').length)));
  return all.map((row) => `${alignRow(row, widths)}\n`).join('');
}

/** One row under given widths, control characters shown; a cell that is wider pushes the rest to the right. */
export function alignRow(row: Row, widths: readonly number[]): string {
  return row
    .map(oneLine)
    .map((cell, column) => (column === row.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
    .join(GAP)
    .trimEnd();
}

// Text of a node must not move the cursor of whoever reads it.
function oneLine(cell: string): string {
  return printable(cell.replaceAll(/[\r\n\t]+/g, ' '));
}

/** The text with control characters, newline and tab excepted, shown as `\xNN`; pure. */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it is about.
  return text.replaceAll(/[\x00-\x08\x0b-\x1f\x7f-\x9f]/g, (c) => `\\x${c.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
