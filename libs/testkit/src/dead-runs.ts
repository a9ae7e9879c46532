import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A directory that a test run made and did not live to remove. */
export interface DeadTempDir {
  readonly path: string;
  readonly purpose: string;
  /** Of the process that made it. */
  readonly pid: number;
}

/** Clocks of files and of processes are not read at the same moment. */
const SLACK_MS = 2000;
/** Of /proc/<pid>/stat, on every architecture of Linux (sysconf(3), _SC_CLK_TCK). */
const TICK_MS = 10;

/** Purpose and pid in the name of a directory of `tempDir`; undefined for any other name. Pure. */
export function parseTempDirName(name: string): Pick<DeadTempDir, 'purpose' | 'pid'> | undefined {
  const match = /^minos-test-(.+)-(\d+)-[A-Za-z0-9]{6}$/.exec(name);
  if (match?.[1] === undefined) return undefined;
  return { purpose: match[1], pid: Number(match[2]) };
}

/** Whether the process that was `pid` at a moment (milliseconds since 1970) has ended: nobody is, or somebody who started later. */
export async function hasEnded(pid: number, atMs: number): Promise<boolean> {
  const [line, uptime] = await Promise.all([
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined),
    readFile('/proc/stat', 'utf8'),
  ]);
  if (line === undefined) return true;
  // The name of the program may hold blanks and parentheses; field 22 is counted from behind it (proc(5)).
  const startTicks = Number(line.slice(line.lastIndexOf(')') + 2).split(' ')[19]);
  const bootMs = Number(/^btime (\d+)$/m.exec(uptime)?.[1]) * 1000;
  return bootMs + startTicks * TICK_MS > atMs + SLACK_MS;
}

/** Directories under the system's temporary folder whose makers have ended. */
export async function deadTempDirs(): Promise<readonly DeadTempDir[]> {
  const found = await Promise.all(
    (await readdir(tmpdir())).map(async (name): Promise<DeadTempDir | undefined> => {
      const parsed = parseTempDirName(name);
      if (parsed === undefined) return undefined;
      const path = join(tmpdir(), name);
      const made = await stat(path).catch(() => undefined);
      if (made === undefined || !(await hasEnded(parsed.pid, made.birthtimeMs))) return undefined;
      return { path, ...parsed };
    }),
  );
  return found.filter((dir) => dir !== undefined);
}

/**
 * Removes what runs left that were killed: first `end` is asked to take down what lives in each directory (processes, mounts),
 * then the directory goes. Gives the paths that are gone; one that cannot be removed stays, and is no failure of this run.
 */
export async function sweepDeadRuns(end: (dir: DeadTempDir) => Promise<void>): Promise<readonly string[]> {
  const gone: string[] = [];
  for (const dir of await deadTempDirs()) {
    try {
      await end(dir);
      await rm(dir.path, { recursive: true, force: true });
      gone.push(dir.path);
    } catch {
      // Something of another user, or still mounted: whoever looks at /tmp sees it.
    }
  }
  return gone;
}
