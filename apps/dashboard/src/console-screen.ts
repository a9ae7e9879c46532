import { constants, openSync } from 'node:fs';
import { ReadStream, WriteStream } from 'node:tty';
import type { Screen } from '@minos/dashboard';

const FALLBACK = { columns: 80, rows: 25 };

/** A virtual terminal as a screen, brought to the front (`ESC [ 12 ; n ]` of console_codes(4)); throws when it cannot be opened. */
export function openConsole(path: string): Screen {
  const { O_RDWR, O_NOCTTY } = constants;
  const input = new ReadStream(openSync(path, O_RDWR | O_NOCTTY));
  const output = new WriteStream(openSync(path, O_RDWR | O_NOCTTY));
  input.setRawMode(true);
  input.setEncoding('utf8');
  const number = /\d+$/.exec(path)?.[0] ?? '2';
  output.write(`\x1b[12;${number}]\x1b[?25l\x1b[2J`);
  return {
    size: () => ({ columns: output.columns || FALLBACK.columns, rows: output.rows || FALLBACK.rows }),
    write: (text) => {
      output.write(text);
    },
    onInput: (listener) => {
      input.on('data', (data) => listener(data.toString()));
    },
    onResize: (listener) => {
      output.on('resize', listener);
    },
    [Symbol.dispose]: () => {
      input.setRawMode(false);
      input.destroy();
      output.end('\x1b[0m\x1b[?25h');
    },
  };
}
