import { readdir, readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { hasCode } from '@minos/base';

/** What holds a node on this machine: minos-holder, or QEMU. */
export interface Holder {
  readonly pid: number;
  readonly node: string;
  readonly bridge: string;
  /** The host's end of the node's link. */
  readonly link: string;
  readonly pidfile: string;
}

/** Every holder that runs, known by its program and arguments. */
export async function findHolders(): Promise<Holder[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const found = await Promise.all(pids.map(holderAt));
  return found.filter((holder) => holder !== undefined);
}

/** Whether this process is still that holder: pids are used again. */
export async function isStill(holder: Holder): Promise<boolean> {
  const now = await holderAt(holder.pid);
  return now !== undefined && now.pidfile === holder.pidfile && now.node === holder.node;
}

/** Reads the command line of a holder, or of a QEMU that holds a node of a cluster; undefined for any other. Pure. */
export function parseHolder(pid: number, commandLine: string): Holder | undefined {
  const [program = '', ...args] = commandLine.split('\0');
  const value = (name: string): string => {
    const at = args.indexOf(name);
    return at < 0 ? '' : (args[at + 1] ?? '');
  };
  const name = basename(program);
  if (name === 'minos-holder')
    return { pid, node: value('--name'), bridge: value('--bridge'), link: value('--veth'), pidfile: value('--pidfile') };
  if (name !== 'qemu-system-x86_64' || value('-pidfile') === '') return undefined;
  const link = /\bifname=([^,]+)/.exec(value('-netdev'))?.[1] ?? '';
  return { pid, node: value('-name'), bridge: '', link, pidfile: value('-pidfile') };
}

async function holderAt(pid: number): Promise<Holder | undefined> {
  try {
    return parseHolder(pid, await readFile(`/proc/${pid}/cmdline`, 'utf8'));
  } catch (e) {
    if (hasCode(e, 'ENOENT') || hasCode(e, 'ESRCH')) return undefined;
    throw e;
  }
}
