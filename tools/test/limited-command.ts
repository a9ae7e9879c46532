import { type ChildProcess, spawn } from 'node:child_process';

/** A command of the test run, and how long it may take. */
export interface LimitedCommand {
  readonly args: readonly string[];
  readonly cwd: string;
  readonly limitMs: number;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets the output too, piece by piece; without it the output goes to the terminal only. */
  readonly onOutput?: (text: string) => void;
}

/** How a limited command ended. */
export interface CommandEnd {
  readonly code: number | null;
  readonly isLate: boolean;
}

const DRAIN_MS = 2000;

/** Runs this Node with the arguments; past the limit the whole process group is killed. Never rejects. */
export function runLimited({ args, cwd, limitMs, env, onOutput }: LimitedCommand): Promise<CommandEnd> {
  const child = spawn(process.execPath, args, {
    cwd,
    detached: true,
    env: { ...process.env, ...env },
    stdio: ['ignore', onOutput === undefined ? 'inherit' : 'pipe', onOutput === undefined ? 'inherit' : 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      process.stdout.write(chunk);
      onOutput?.(chunk.toString('utf8'));
    });
  }
  return new Promise((resolve) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      killGroup(child);
    }, limitMs);
    const end = (code: number | null): void => {
      clearTimeout(timer);
      resolve({ code, isLate });
    };
    child.once('error', () => end(null));
    child.once('exit', (code) => {
      // A grandchild that outlives the run must not hold the terminal, or the next suite.
      killGroup(child);
      // The last of the output comes after the exit; one that moved into a group of its own may keep the pipe open for ever.
      const last = setTimeout(() => end(code), DRAIN_MS);
      child.once('close', () => {
        clearTimeout(last);
        end(code);
      });
    });
  });
}

function killGroup(child: ChildProcess): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, 'SIGKILL');
  } catch {
    // ESRCH: the group has ended by itself.
  }
}
