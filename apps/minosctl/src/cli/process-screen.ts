import type { Screen } from '@minos/dashboard';

/** Takes the second page of the terminal and hides the cursor. */
const ENTER_SCREEN = '\x1b[?1049h\x1b[?25l\x1b[H\x1b[2J';
/** Gives back what ENTER_SCREEN took. */
const LEAVE_SCREEN = '\x1b[0m\x1b[?25h\x1b[?1049l';

const FALLBACK = { columns: 80, rows: 24 };

/** The terminal of this process as a screen; undefined when input or output is none. It is given back also when the process ends by itself. */
export function openProcessScreen(): Screen | undefined {
  const { stdin, stdout } = process;
  if (stdin.isTTY !== true || stdout.isTTY !== true) return undefined;
  let isOpen = true;
  const listeners: (() => void)[] = [];
  const leave = (): void => {
    if (!isOpen) return;
    isOpen = false;
    for (const remove of listeners) remove();
    stdin.pause();
    stdin.setRawMode(false);
    stdout.write(LEAVE_SCREEN);
    process.off('exit', leave);
  };
  process.on('exit', leave);
  stdin.setRawMode(true);
  stdin.setEncoding('utf8');
  stdout.write(ENTER_SCREEN);
  return {
    size: () => ({ columns: stdout.columns || FALLBACK.columns, rows: stdout.rows || FALLBACK.rows }),
    write: (text) => {
      stdout.write(text);
    },
    onInput: (listener) => {
      const hear = (data: string | Buffer): void => listener(data.toString());
      stdin.on('data', hear);
      stdin.resume();
      listeners.push(() => stdin.off('data', hear));
    },
    onResize: (listener) => {
      stdout.on('resize', listener);
      listeners.push(() => stdout.off('resize', listener));
    },
    [Symbol.dispose]: leave,
  };
}
