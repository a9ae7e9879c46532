import { type Parsed, parsed } from '@minos/base';
import { LineCounter, parseDocument } from 'yaml';
import { plainValue } from './shape/check-shape.ts';
import type { YamlValue } from './yaml-value.ts';
import { writeYaml } from './yaml-writer.ts';

/** YAML with four blanks of indentation and dashes indented, stable for equal values; ends in a newline. */
export function toYamlText(value: YamlValue): string {
  return writeYaml(value);
}

/** Several documents in one stream. */
export function toYamlStream(documents: readonly YamlValue[]): string {
  return documents.map(toYamlText).join('---\n');
}

/** Reads one YAML document into a plain value; problems say where, without quoting the text. */
export function parseYamlDocument(text: string): Parsed<YamlValue> {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false, logLevel: 'silent' });
  if (document.errors.length > 0) {
    const problems = document.errors.map((e) => {
      const { line, col } = lines.linePos(e.pos[0]);
      return {
        path: '',
        expected: 'well-formed YAML',
        found: `${e.code.toLowerCase().replaceAll('_', ' ')} at line ${line}:${col}`,
      };
    });
    return { ok: false, problems };
  }
  const value = plainValue(document, document.contents);
  if (value === undefined) return { ok: false, problems: [{ path: '', expected: 'a smaller document' }] };
  return parsed(value);
}
