import { isYamlList, isYamlMap, type YamlValue } from './yaml-value.ts';

/** Blanks of one level. */
const INDENT = 4;

/** Texts that a reader of YAML 1.1 or 1.2 would take for a boolean, null, a number, a time or a merge. */
const AMBIGUOUS =
  /^(y|n|yes|no|on|off|true|false|null|~|<<|[-+]?(\.\d[\d_]*|\d[\d_]*(\.[\d_]*)?)(e[-+]?\d+)?|[-+]?0x[\da-f_]+|[-+]?0o?[0-7_]+|[-+]?0b[01_]+|[-+]?\.(inf|nan)|\.nan|[-+]?\d[\d_]*(:[0-5]?\d)+(\.\d*)?|\d{4}-\d\d?-\d\d?([Tt\s].*)?)$/i;
/** Characters that begin something else than a plain text. */
const INDICATOR = /^([#,[\]{}&*!|>'"%@`]|---|\.\.\.|[-?:](\s|$))/;
const INDICATOR_INSIDE = /:(\s|$)|\s#/;
/** What is printable in YAML, apart from line breaks; surrogate pairs are. */
const UNPRINTABLE = /[^\t\n\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}]/u;
/** Lines that a block scalar would not give back as they are. */
const NOT_FOR_BLOCKS = /^[\s]|[ \t]$|[ \t]\n|[\t\r\x85\u2028\u2029]/;

/** Writes a value as the compatible system does: four blanks a level, dashes indented, block scalars for lines. */
export function writeYaml(value: YamlValue): string {
  if (isYamlMap(value) && Object.keys(value).length > 0) return mapping(value, 0);
  if (isYamlList(value) && value.length > 0) return list(value, 0);
  return `${inline(value, 0)}\n`;
}

function mapping(value: { readonly [key: string]: YamlValue }, column: number): string {
  let out = '';
  for (const [key, item] of Object.entries(value)) {
    const lead = out === '' ? '' : ' '.repeat(column);
    out += `${lead}${scalarText(key)}:${after(item, column)}`;
  }
  return out;
}

function list(value: readonly YamlValue[], column: number): string {
  let out = '';
  for (const item of value) {
    const lead = out === '' ? '' : ' '.repeat(column);
    // What is in an element begins right after its dash.
    if (isYamlMap(item) && Object.keys(item).length > 0) out += `${lead}- ${mapping(item, column + 2)}`;
    else if (isYamlList(item) && item.length > 0) out += `${lead}- ${list(item, column + 2)}`;
    else out += `${lead}- ${inline(item, column)}\n`;
  }
  return out;
}

/** What follows the colon of a key that stands at a column. */
function after(item: YamlValue, column: number): string {
  const next = nextLevel(column);
  if (isYamlMap(item) && Object.keys(item).length > 0) return `\n${' '.repeat(next)}${mapping(item, next)}`;
  if (isYamlList(item) && item.length > 0) return `\n${' '.repeat(next)}${list(item, next)}`;
  return ` ${inline(item, column)}\n`;
}

/** The next multiple of the indentation. */
function nextLevel(column: number): number {
  return (Math.floor(column / INDENT) + 1) * INDENT;
}

function inline(value: YamlValue, column: number): string {
  if (typeof value === 'string') return value.includes('\n') ? blockText(value, nextLevel(column)) : scalarText(value);
  if (isYamlList(value)) return '[]';
  if (isYamlMap(value)) return '{}';
  return typeof value === 'number' ? numberText(value) : String(value);
}

/** A number as YAML's core schema has it (YAML 1.2.2 §10.3.2), also those that are none in JSON. */
function numberText(value: number): string {
  if (Number.isNaN(value)) return '.nan';
  if (!Number.isFinite(value)) return value < 0 ? '-.inf' : '.inf';
  return Object.is(value, -0) ? '-0' : String(value);
}

/** A literal block scalar; quoted where a block would not give the same text back. Without the last newline. */
function blockText(value: string, column: number): string {
  const text = value.replace(/\n+$/, '');
  if (text === '' || NOT_FOR_BLOCKS.test(text) || UNPRINTABLE.test(value) || /\n\n+$/.test(value)) return quoted(value);
  const lead = ' '.repeat(column);
  const lines = value.replace(/\n$/, '').split('\n');
  return `${value.endsWith('\n') ? '|' : '|-'}\n${lines.map((line) => (line === '' ? '' : lead + line)).join('\n')}`;
}

function scalarText(value: string): string {
  if (value === '' || AMBIGUOUS.test(value) || UNPRINTABLE.test(value) || /[\n\t]/.test(value)) return quoted(value);
  const isPlain = !INDICATOR.test(value) && !INDICATOR_INSIDE.test(value) && value.trim() === value;
  return isPlain ? value : `'${value.replaceAll("'", "''")}'`;
}

function quoted(value: string): string {
  // Every escape of JSON is one of YAML's; what JSON leaves as it is and YAML does not print is written by number.
  return JSON.stringify(value).replace(
    /[\x7f-\x9f\u2028\u2029\ufeff]/g,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
