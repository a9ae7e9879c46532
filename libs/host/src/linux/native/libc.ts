import { getSystemErrorName } from 'node:util';
import type { KoffiFunc } from 'koffi';
import { errnoError } from '../../errno-error.ts';

type Pointer = Buffer | null;

/** The calls of the C library that Node has no function for. Each returns what C returns; `errno` tells why it was negative. */
export interface Libc {
  readonly mount: KoffiFunc<(source: string, target: string, type: string | null, flags: number, data: string | null) => number>;
  readonly umount2: KoffiFunc<(target: string, flags: number) => number>;
  readonly sethostname: KoffiFunc<(name: Pointer, length: number) => number>;
  readonly mallocTrim: KoffiFunc<(pad: number) => number>;
  readonly madvise: KoffiFunc<(address: bigint, length: bigint, advice: number) => number>;
  readonly getsockopt: KoffiFunc<(fd: number, level: number, name: number, value: Pointer, length: Pointer) => number>;
  readonly llistxattr: KoffiFunc<(path: string, list: Pointer, size: number) => number>;
  readonly lgetxattr: KoffiFunc<(path: string, name: string, value: Pointer, size: number) => number>;
  /** Where it begins in memory. */
  addressOf(buffer: ArrayBuffer): bigint;
  /** That of the call just made, or of the asynchronous call whose callback runs. */
  errno(): number;
}

/** Gives the calls, loading koffi at the first use only (about 10 ms). */
export type LibcSource = () => Promise<Libc>;

/** A source that loads once; a host makes one and hands it to its parts. */
export function libcSource(): LibcSource {
  let loading: Promise<Libc> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}

async function load(): Promise<Libc> {
  const { default: koffi } = await import('koffi');
  const library = koffi.load('libc.so.6');
  return {
    mount: library.func(
      'int mount(const char *source, const char *target, const char *type, unsigned long flags, const char *data)',
    ),
    umount2: library.func('int umount2(const char *target, int flags)'),
    sethostname: library.func('int sethostname(void *name, size_t length)'),
    mallocTrim: library.func('int malloc_trim(size_t pad)'),
    madvise: library.func('int madvise(void *address, size_t length, int advice)'),
    getsockopt: library.func('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    llistxattr: library.func('long llistxattr(const char *path, void *list, size_t size)'),
    lgetxattr: library.func('long lgetxattr(const char *path, const char *name, void *value, size_t size)'),
    addressOf: (buffer) => koffi.address(buffer),
    errno: () => koffi.errno(),
  };
}

/** What an error of a call says: which call, on what. */
export interface CallName {
  readonly name: string;
  readonly object: string;
}

/** Runs a call off the main thread; resolves with its result, or rejects with its errno when that is negative. */
export function offThread(c: Libc, call: CallName, start: (done: (e: unknown, result: number) => void) => void): Promise<number> {
  return new Promise((resolve, reject) => {
    start((e, result) => {
      if (e !== null && e !== undefined) reject(e);
      else if (result < 0) reject(errnoError(getSystemErrorName(-c.errno()), call.name, call.object));
      else resolve(result);
    });
  });
}
