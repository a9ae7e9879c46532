import { execFile, spawn } from 'node:child_process';

/** How a command ended and what it printed. */
export interface RunResult {
  /** Exit code; -1 when a signal ended it. */
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How to run a command. */
export interface RunOptions {
  readonly timeoutMs?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** Runs a command to its end; a failure of the command is an answer, not an exception. Killed after `timeoutMs` (60 s). */
export function run(file: string, args: readonly string[], options: RunOptions = {}): Promise<RunResult> {
  return new Promise((resolve) => {
    const env = { ...process.env, ...options.env };
    const settings = { timeout: options.timeoutMs ?? 60_000, killSignal: 'SIGKILL' as const, maxBuffer: 1 << 27, env };
    execFile(
      file,
      [...args],
      options.cwd === undefined ? settings : { ...settings, cwd: options.cwd },
      (error, stdout, stderr) => {
        const code = error === null ? 0 : typeof error.code === 'number' ? error.code : -1;
        resolve({ code, stdout, stderr });
      },
    );
  });
}

/** Runs a command that must succeed, and hands back what it printed. */
export async function mustRun(file: string, args: readonly string[], options: RunOptions = {}): Promise<string> {
  const result = await run(file, args, options);
  if (result.code !== 0)
    throw new Error(`${[file, ...args].join(' ')} ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  return result.stdout;
}

/** A command that goes on while the test does; disposing it kills it. */
export interface Background extends AsyncDisposable {
  readonly pid: number;
  /** All of stdout so far. */
  readonly stdout: () => string;
  readonly stderr: () => string;
  /** Stops and resumes reading stdout, so that the command's pipe fills up. */
  readonly pause: () => void;
  readonly resume: () => void;
  /** Bytes of stdout read so far. */
  readonly received: () => number;
  readonly ended: Promise<RunResult>;
}

/** Starts a command in the background; with `keep: 'count'` its output is counted and thrown away. */
export function start(
  file: string,
  args: readonly string[],
  options: { readonly keep?: 'text' | 'count'; readonly env?: Readonly<Record<string, string>> } = {},
): Background {
  const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, ...options.env } });
  const out: string[] = [];
  const err: string[] = [];
  let received = 0;
  child.stdout.on('data', (chunk: Buffer) => {
    received += chunk.length;
    if (options.keep !== 'count') out.push(chunk.toString());
  });
  child.stderr.on('data', (chunk: Buffer) => err.push(chunk.toString()));
  const ended = new Promise<RunResult>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, stdout: out.join(''), stderr: err.join('') }));
    child.once('error', (e) => resolve({ code: -1, stdout: out.join(''), stderr: `${err.join('')}${e.message}` }));
  });
  return {
    pid: child.pid ?? 0,
    stdout: () => out.join(''),
    stderr: () => err.join(''),
    pause: () => void child.stdout.pause(),
    resume: () => void child.stdout.resume(),
    received: () => received,
    ended,
    [Symbol.asyncDispose]: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}
