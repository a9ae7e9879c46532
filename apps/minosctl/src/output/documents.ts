import type { Terminal } from '../cli/terminal.ts';
import type { PlainValue } from './plain-value.ts';

/** The forms that are for programs. */
export type DocumentForm = 'json' | 'yaml';

/** Writes objects one after another: JSON with four spaces, or YAML documents apart by `---`. */
export class DocumentWriter {
  readonly #terminal: Terminal;
  readonly #form: DocumentForm;
  #count = 0;

  constructor(terminal: Terminal, form: DocumentForm) {
    this.#terminal = terminal;
    this.#form = form;
  }

  /** Writes one object. */
  async write(value: PlainValue): Promise<void> {
    const isFirst = this.#count++ === 0;
    if (this.#form === 'json') return this.#terminal.out(`${JSON.stringify(value, null, 4)}\n`);
    const { toYamlText } = await import('@minos/config');
    return this.#terminal.out(`${isFirst ? '' : '---\n'}${toYamlText(value)}`);
  }
}
