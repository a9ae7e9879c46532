import { readdir, readFile } from 'node:fs/promises';

/** The memory of one process, from smaps_rollup. */
export interface ProcessMemory {
  readonly program: string;
  readonly pid: number;
  readonly privateKib: number;
  readonly pssKib: number;
}

function kib(text: string, field: string): number {
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0);
}

/** Private and proportional memory from the text of smaps_rollup; pure. */
export function parseRollup(text: string): { readonly privateKib: number; readonly pssKib: number } {
  return { privateKib: kib(text, 'Private_Dirty') + kib(text, 'Private_Clean'), pssKib: kib(text, 'Pss') };
}

/** The daemon of a node that a command line is of; undefined for any other process. */
export function programOf(commandLine: string): string | undefined {
  return /^\/sbin\/(machined|networkd|apid|trustd)\0/.exec(commandLine)?.[1];
}

/** The parent of a process, from the text of its status; 0 when it has none. */
function parentOf(status: string): number {
  return Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
}

async function isBelow(pid: number, ancestor: number): Promise<boolean> {
  for (let at = pid; at > 1; ) {
    if (at === ancestor) return true;
    at = parentOf(await readFile(`/proc/${at}/status`, 'utf8'));
  }
  return false;
}

/** Every daemon of the node that this process holds. */
export async function readDaemonMemory(holderPid: number): Promise<readonly ProcessMemory[]> {
  const found: ProcessMemory[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    try {
      const program = programOf(await readFile(`/proc/${pid}/cmdline`, 'utf8'));
      if (program === undefined || !(await isBelow(Number(pid), holderPid))) continue;
      found.push({ program, pid: Number(pid), ...parseRollup(await readFile(`/proc/${pid}/smaps_rollup`, 'utf8')) });
    } catch {
      // The process ended while it was looked at.
    }
  }
  return found;
}
