import type { Files } from '@minos/host';
import { listAttributes, orNothing, readAttribute } from '../runtime/read-attribute.ts';

/** Who holds a socket. */
export interface SocketOwner {
  readonly pid: number;
  readonly name: string;
}

/** So many processes are looked at at once: reads of /proc take a thread of libuv each. */
const AT_ONCE = 8;
const SOCKET = /^socket:\[(\d+)\]$/;

/** The processes that hold sockets, by inode; of several that share one, the one with the lowest number. */
export async function socketOwners(files: Files): Promise<ReadonlyMap<bigint, SocketOwner>> {
  const pids = (await listAttributes(files, '/proc'))
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .sort((a, b) => a - b);
  const owners = new Map<bigint, SocketOwner>();
  for (let from = 0; from < pids.length; from += AT_ONCE) {
    const held = await Promise.all(pids.slice(from, from + AT_ONCE).map((pid) => socketsOf(files, pid)));
    for (const { owner, inodes } of held) for (const inode of inodes) if (!owners.has(inode)) owners.set(inode, owner);
  }
  return owners;
}

interface Held {
  readonly owner: SocketOwner;
  readonly inodes: readonly bigint[];
}

/** None of a process that has ended meanwhile. */
async function socketsOf(files: Files, pid: number): Promise<Held> {
  const folder = `/proc/${pid}/fd`;
  const inodes: bigint[] = [];
  for (const fd of await listAttributes(files, folder)) {
    const inode = SOCKET.exec((await orNothing(() => files.readLink(`${folder}/${fd}`))) ?? '')?.[1];
    if (inode !== undefined) inodes.push(BigInt(inode));
  }
  const name = inodes.length === 0 ? '' : await readAttribute(files, `/proc/${pid}/comm`);
  return { owner: { pid, name }, inodes };
}
