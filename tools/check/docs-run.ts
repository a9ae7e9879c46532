import { type ChildProcess, spawn } from 'node:child_process';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A daemon takes about a second, and many of them on a machine that compiles, tests and boots beside the check; one that never gets ready costs this long. */
const READY_WITHIN_MS = 180_000;
/** `nobody`: a daemon alone needs no rights; used when the check itself runs as root. */
const NOBODY = 65534;

/** The arguments of `npx node apps/<daemon>/src/main.ts --simulate …`; undefined for any other command. */
export function simulationArguments(command: string): readonly string[] | undefined {
  const found = /^npx node (apps\/[a-z]+\/src\/main\.ts .*--simulate .*)$/.exec(command);
  return found?.[1]?.split(/\s+/);
}

/** With the run directory replaced by one of the check's own. */
export function withRunDir(args: readonly string[], runDir: string): readonly string[] {
  const at = args.indexOf('--run-dir');
  return at < 0 ? [...args, '--run-dir', runDir] : args.with(at + 1, runDir);
}

/** Runs a daemon as a page shows it, as an ordinary user, until it says that it is ready; what went wrong otherwise. */
export async function simulationProblem(checkout: string, args: readonly string[]): Promise<string | undefined> {
  const runDir = await mkdtemp(join(tmpdir(), 'minos-docs-'));
  const isRoot = process.getuid?.() === 0;
  if (isRoot) await chown(runDir, NOBODY, NOBODY);
  const child = spawn(process.execPath, withRunDir(args, runDir), {
    cwd: checkout,
    env: { PATH: process.env['PATH'], READY_FD: '3' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
    ...(isRoot ? { uid: NOBODY, gid: NOBODY } : {}),
  });
  try {
    return await readiness(child);
  } finally {
    child.kill('SIGKILL');
    await rm(runDir, { recursive: true, force: true });
  }
}

function readiness(child: ChildProcess): Promise<string | undefined> {
  const output: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => output.push(chunk.toString('utf8')));
  const said = (): string => output.join('').slice(-1500);
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(`was not ready within ${READY_WITHIN_MS / 1000} s:\n${said()}`), READY_WITHIN_MS);
    const end = (problem: string | undefined): void => {
      clearTimeout(timer);
      resolve(problem);
    };
    child.once('error', (e) => end(e.message));
    child.once('close', (code, signal) => end(`ended with ${signal ?? code} before it was ready:\n${said()}`));
    child.stdio[3]?.once('data', () => end(undefined));
  });
}
