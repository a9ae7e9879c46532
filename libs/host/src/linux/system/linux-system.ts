import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { readFile, realpath } from 'node:fs/promises';
import { hostname } from 'node:os';
import { getSystemErrorName } from 'node:util';
import { Fault, type FaultKind, hasCode, messageOf } from '@minos/base';
import { errnoError } from '../../errno-error.ts';
import type { Mount, System } from '../../port/system.ts';
import { type LibcSource, offThread } from '../native/libc.ts';
import { dropAssets } from './drop-assets.ts';
import { isChangeOfMount, mountCalls, mountFlags } from './mount-options.ts';

const AT_PAGESZ = 6n;
const AT_CLKTCK = 17n;

/** Calls on this machine. */
export class LinuxSystem implements System {
  readonly ticksPerSecond: number;
  readonly pageSizeBytes: number;
  readonly #libc: LibcSource;

  constructor(libc: LibcSource) {
    this.#libc = libc;
    const auxiliary = auxiliaryVector();
    this.ticksPerSecond = auxiliary.get(AT_CLKTCK) ?? 100;
    this.pageSizeBytes = auxiliary.get(AT_PAGESZ) ?? 4096;
  }

  async hostname(): Promise<string> {
    return hostname();
  }

  async setHostname(name: string): Promise<void> {
    const c = await this.#libc();
    const bytes = Buffer.from(name);
    if (c.sethostname(bytes, bytes.length) !== 0)
      throw faultOf(errnoError(getSystemErrorName(-c.errno()), 'sethostname', name), 'the hostname cannot be set', { name });
  }

  async mount({ source, target, fsType, options }: Mount): Promise<void> {
    const { flags, data } = mountFlags(options);
    if (!isChangeOfMount(flags) && (await isMountPoint(target))) {
      throw new Fault('exists', `${target} is a mount point already`, { target });
    }
    const c = await this.#libc();
    for (const step of mountCalls(flags)) {
      try {
        await offThread(c, { name: 'mount', object: target }, (done) =>
          c.mount.async(source, target, fsType === '' ? null : fsType, step, data === '' ? null : data, done),
        );
      } catch (e) {
        throw faultOf(e, `${source} cannot be mounted on ${target}`, { source, target, fsType });
      }
    }
  }

  async unmount(target: string): Promise<void> {
    const c = await this.#libc();
    try {
      await offThread(c, { name: 'umount2', object: target }, (done) => c.umount2.async(target, 0, done));
    } catch (e) {
      throw faultOf(e, `${target} cannot be unmounted`, { target });
    }
  }

  randomBytes(count: number): Buffer {
    return randomBytes(count);
  }

  /** The first call comes back before koffi is loaded, and trims a moment later. */
  trimMemory(): void {
    this.#libc().then(
      (c) => {
        c.mallocTrim(0);
        dropAssets(c, this.pageSizeBytes);
      },
      () => undefined, // Best effort: a C library without malloc_trim keeps its memory.
    );
  }
}

/** AT_* values of getauxval(3); read once at start, for they never change. */
function auxiliaryVector(): ReadonlyMap<bigint, number> {
  const found = new Map<bigint, number>();
  try {
    const bytes = readFileSync('/proc/self/auxv');
    for (let at = 0; at + 16 <= bytes.length; at += 16)
      found.set(bytes.readBigUInt64LE(at), Number(bytes.readBigUInt64LE(at + 8)));
  } catch {
    // No /proc: the values of x86-64 hold.
  }
  return found;
}

/** Whether something is mounted on the path itself (proc(5), mountinfo: octal escapes). */
async function isMountPoint(target: string): Promise<boolean> {
  const real = await realpath(target).catch((e: unknown) => {
    throw faultOf(e, `${target} cannot be mounted on`, { target });
  });
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return table.split('\n').some((line) => unescaped(line.split(' ')[4] ?? '') === real);
}

function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_whole, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)));
}

const KIND: readonly (readonly [string, FaultKind])[] = [
  ['ENOENT', 'missing'],
  ['ENOTDIR', 'missing'],
  ['EPERM', 'denied'],
  ['EACCES', 'denied'],
  ['EINVAL', 'invalid'],
  ['ENAMETOOLONG', 'invalid'],
  ['EBUSY', 'precondition'],
];

function faultOf(e: unknown, message: string, fields: Readonly<Record<string, string>>): Fault {
  const kind = KIND.find(([code]) => hasCode(e, code))?.[1] ?? 'unavailable';
  return new Fault(kind, `${message}: ${messageOf(e)}`, fields, { cause: e });
}
