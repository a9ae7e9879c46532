import { readdir } from 'node:fs/promises';
import { Fault } from '@minos/base';

/** socket(7), netlink(7), linux/sock_diag.h. */
const AF_NETLINK = 16;
const SOL_SOCKET = 1;
const SO_MEMINFO = 55;
const SK_MEMINFO_BYTES = 36;
const SK_MEMINFO_DROPS = 8 * 4;
const SOL_NETLINK = 270;
const NETLINK_NO_ENOBUFS = 5;
const SOCKADDR_NL_BYTES = 12;

/** How many messages a socket has lost so far. */
export type LostCount = () => number;

/**
 * Turns off the error that a netlink socket reports when messages are lost (ENOBUFS), and gives the count of lost messages
 * instead. The `netlink` package needs this: the error reaches it through libuv as a failed poll, which it answers by ending
 * the process. `port` is the socket's address; throws `unavailable` when there is no such socket.
 */
export async function countOverruns(port: number): Promise<LostCount> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libc.so.6');
  const getsockname = library.func('int getsockname(int fd, void *address, void *length)');
  const getsockopt = library.func('int getsockopt(int fd, int level, int name, void *value, void *length)');
  const setsockopt = library.func('int setsockopt(int fd, int level, int name, void *value, uint32_t length)');
  const fd = await findDescriptor(port, (candidate, address) => getsockname(candidate, address, lengthOf(address)) === 0);
  if (setsockopt(fd, SOL_NETLINK, NETLINK_NO_ENOBUFS, Buffer.from([1, 0, 0, 0]), 4) !== 0) {
    throw new Fault('unavailable', 'cannot set NETLINK_NO_ENOBUFS', { fd });
  }
  const info = Buffer.alloc(SK_MEMINFO_BYTES);
  return () => (getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, lengthOf(info)) === 0 ? info.readUInt32LE(SK_MEMINFO_DROPS) : 0);
}

/** The package does not show the descriptor of its socket: it is the one of this process with this address. */
async function findDescriptor(port: number, nameOf: (fd: number, address: Buffer) => boolean): Promise<number> {
  const address = Buffer.alloc(SOCKADDR_NL_BYTES);
  for (const name of await readdir('/proc/self/fd')) {
    const fd = Number(name);
    if (nameOf(fd, address) && address.readUInt16LE(0) === AF_NETLINK && address.readUInt32LE(4) === port) return fd;
  }
  throw new Fault('unavailable', 'cannot find the descriptor of the netlink socket', { port });
}

function lengthOf(buffer: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(buffer.length);
  return length;
}
