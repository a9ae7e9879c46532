import { spawn } from 'node:child_process';

/** A command on a terminal of its own; disposing it kills it. */
export interface PseudoTerminal extends AsyncDisposable {
  /** Sends what keys send. */
  press(keys: string): void;
  /** The rows of the screen as they are drawn now, without colours. */
  screen(): string;
  /** All that was written so far. */
  written(): string;
  /** Exit code of the command. */
  readonly ended: Promise<number>;
}

/** Runs a line of a shell on a terminal of 80 columns and 24 rows, made by script(1). */
export function startOnTerminal(line: string): PseudoTerminal {
  const child = spawn('script', ['-qefc', `stty cols 80 rows 24; ${line}`, '/dev/null'], { stdio: ['pipe', 'pipe', 'inherit'] });
  child.stdout.setEncoding('utf8');
  let text = '';
  child.stdout.on('data', (chunk: string) => {
    text += chunk;
  });
  child.stdin.on('error', () => undefined);
  const ended = new Promise<number>((resolve) => {
    child.once('close', (code) => resolve(code ?? -1));
  });
  return {
    press: (keys) => void child.stdin.write(keys),
    screen: () => screenOf(text),
    written: () => text,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** The rows that were drawn since the screen was last cleared, each as it was last; pure. */
function screenOf(text: string): string {
  const rows: string[] = [];
  let row = 0;
  for (const part of text.slice(Math.max(0, text.lastIndexOf('\x1b[2J'))).split('\x1b[')) {
    const [, numbers = '', letter = '', rest = ''] = /^([0-9;?]*)([a-zA-Z])(.*)$/s.exec(part) ?? [];
    if (letter === 'H') {
      row = Number.parseInt(numbers, 10) - 1;
      rows[row] = rest;
    } else if (letter === 'm') rows[row] = `${rows[row] ?? ''}${rest}`;
  }
  return rows.join('\n');
}
