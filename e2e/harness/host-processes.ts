import { readdir, readFile, readlink } from 'node:fs/promises';

/** A process of a node, as the host sees it. */
export interface NodeProcess {
  /** On the host. */
  readonly pid: number;
  /** Inside the node. */
  readonly nodePid: number;
  readonly name: string;
  readonly commandLine: readonly string[];
}

/** Every process that shares a PID namespace with `pid`, as the host sees it. */
export async function processesOf(pid: number): Promise<readonly NodeProcess[]> {
  const namespace = await readlink(`/proc/${pid}/ns/pid`);
  const found = await Promise.all(
    (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map((name) => member(Number(name), namespace)),
  );
  return found.filter((p) => p !== undefined);
}

async function member(pid: number, namespace: string): Promise<NodeProcess | undefined> {
  try {
    if ((await readlink(`/proc/${pid}/ns/pid`)) !== namespace) return undefined;
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    const nsPid = /^NSpid:\s+(.*)$/m.exec(status)?.[1]?.split(/\s+/).at(-1);
    const commandLine = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).split('\0').filter((word) => word !== '');
    return { pid, nodePid: Number(nsPid), name: /^Name:\s+(.*)$/m.exec(status)?.[1] ?? '', commandLine };
  } catch {
    return undefined; // it has ended meanwhile
  }
}

/** The process of a daemon of a node: the one that was started under its name. */
export async function daemonOf(nodePid1: number, daemon: string): Promise<NodeProcess | undefined> {
  const all = await processesOf(nodePid1);
  return all.find((p) => p.commandLine[0] === `/sbin/${daemon}`);
}

/** Memory of a process in bytes: resident, private and proportional. */
export interface ProcessMemory {
  readonly rss: number;
  readonly privateBytes: number;
  readonly pss: number;
}

/** Reads /proc/<pid>/smaps_rollup (proc(5)). */
export async function memoryOf(pid: number): Promise<ProcessMemory> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  const bytes = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { rss: bytes('Rss'), privateBytes: bytes('Private_Clean') + bytes('Private_Dirty'), pss: bytes('Pss') };
}
