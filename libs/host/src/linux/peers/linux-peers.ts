import type { Socket } from 'node:net';
import type { PeerCredentials, Peers } from '../../port/peers.ts';
import type { Libc, LibcSource } from '../native/libc.ts';

const SOL_SOCKET = 1;
const SO_PEERCRED = 17;
const SO_DOMAIN = 39;
const AF_UNIX = 1;

/** SO_PEERCRED of socket(7): who had the other end when the connection was made. */
export class LinuxPeers implements Peers {
  readonly #libc: LibcSource;

  constructor(libc: LibcSource) {
    this.#libc = libc;
  }

  async credentialsOf(socket: Socket): Promise<PeerCredentials | undefined> {
    const c = await this.#libc();
    const fd = descriptorOf(socket);
    if (fd === undefined || option(c, fd, SO_DOMAIN, 4)?.readInt32LE() !== AF_UNIX) return undefined;
    const ucred = option(c, fd, SO_PEERCRED, 12);
    if (ucred === undefined) return undefined;
    return { pid: ucred.readInt32LE(0), uid: ucred.readUInt32LE(4), gid: ucred.readUInt32LE(8) };
  }
}

function option(c: Libc, fd: number, name: number, size: number): Buffer | undefined {
  const value = Buffer.alloc(size);
  const length = Buffer.alloc(4);
  length.writeUInt32LE(size);
  return c.getsockopt(fd, SOL_SOCKET, name, value, length) === 0 && length.readUInt32LE() === size ? value : undefined;
}

/** Node shows a socket's descriptor only on its handle; gone (or -1) once it is closed. */
function descriptorOf(socket: Socket): number | undefined {
  const handle: unknown = Reflect.get(socket, '_handle');
  if (typeof handle !== 'object' || handle === null) return undefined;
  const fd: unknown = Reflect.get(handle, 'fd');
  return typeof fd === 'number' && fd >= 0 ? fd : undefined;
}
