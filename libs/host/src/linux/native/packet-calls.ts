import type { KoffiFunc } from 'koffi';

/** The calls of the C library that a packet socket needs. Each returns what C returns; `errno` tells why it was negative. */
export interface PacketCalls {
  readonly socket: KoffiFunc<(family: number, type: number, protocol: number) => number>;
  readonly setsockopt: KoffiFunc<(fd: number, level: number, name: number, value: Buffer, length: number) => number>;
  readonly getsockopt: KoffiFunc<(fd: number, level: number, name: number, value: Buffer, length: Buffer) => number>;
  readonly bind: KoffiFunc<(fd: number, address: Buffer, length: number) => number>;
  readonly getsockname: KoffiFunc<(fd: number, address: Buffer, length: Buffer) => number>;
  readonly ifNameToIndex: KoffiFunc<(name: string) => number>;
  readonly close: KoffiFunc<(fd: number) => number>;
  /** Maps the ring of a socket; undefined when it cannot. */
  map(fd: number, bytes: number): MappedRing | undefined;
  /** The address of a buffer in memory, for structures that point to others. */
  addressOf(buffer: Buffer): bigint;
  errno(): number;
}

/** Memory shared with the kernel. Nothing may look at `memory` after `unmap`. */
export interface MappedRing {
  readonly memory: Buffer;
  unmap(): void;
}

const PROT_READ_WRITE = 3;
const MAP_SHARED = 1;
const MAP_FAILED = 0xffff_ffff_ffff_ffffn;

/** Loads the calls. */
export async function packetCalls(): Promise<PacketCalls> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libc.so.6');
  const mmap = library.func('void *mmap(void *address, size_t bytes, int protection, int flags, int fd, long offset)');
  const munmap = library.func('int munmap(void *address, size_t bytes)');
  return {
    socket: library.func('int socket(int family, int type, int protocol)'),
    setsockopt: library.func('int setsockopt(int fd, int level, int name, void *value, unsigned int length)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    bind: library.func('int bind(int fd, void *address, unsigned int length)'),
    getsockname: library.func('int getsockname(int fd, void *address, void *length)'),
    ifNameToIndex: library.func('unsigned int if_nametoindex(const char *name)'),
    close: library.func('int close(int fd)'),
    map: (fd, bytes) => {
      const pointer: unknown = mmap(null, bytes, PROT_READ_WRITE, MAP_SHARED, fd, 0);
      if (koffi.address(pointer) === MAP_FAILED) return undefined;
      return { memory: Buffer.from(koffi.view(pointer, bytes)), unmap: () => void munmap(pointer, bytes) };
    },
    addressOf: (buffer) => BigInt(koffi.address(buffer)),
    errno: () => koffi.errno(),
  };
}
