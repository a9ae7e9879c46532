import { type Logger, messageOf } from '@minos/base';
import type { FileStat, Files } from '@minos/host';
import { type TarEntry, tarEnd, tarHeader, tarPadding } from './tar-header.ts';
import { type WalkedFile, walk } from './walk.ts';

/** What to archive. */
export interface TarSource {
  readonly files: Files;
  /** Absolute; a symbolic link is followed. */
  readonly root: string;
  readonly log: Logger;
}

/** Files of /proc and /sys do not know their size: they say 0, or one page. */
const UNSURE_BYTES = 4096n;
/** So much of a file that does not know its size is taken. */
const MAX_UNSURE_BYTES = 16 * 1024 * 1024;
const CHUNK_BYTES = 64 * 1024;
/** Says that it is as large as the address space. */
const KERNEL_MEMORY = '/proc/kcore';
const ZEROS = Buffer.alloc(CHUNK_BYTES);

/**
 * A tar archive piece by piece: no entry for a root that is a directory, directories before what is in them, names relative.
 * Devices, FIFOs and sockets are left out; what cannot be read is logged and left out. Throws only for the root.
 */
export async function* tarArchive(source: TarSource, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const { files, root, log } = source;
  for await (const found of walk({ files, root, maxDepth: Number.POSITIVE_INFINITY }, signal)) {
    if (found.relativePath === '.' && found.stat !== undefined) continue;
    if (found.stat === undefined) log.warn({ path: found.path, err: found.error }, 'left out of an archive');
    else yield* member(source, { ...found, stat: found.stat }, signal);
  }
  yield tarEnd();
}

type Found = WalkedFile & { readonly stat: FileStat };

async function* member(source: TarSource, found: Found, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const { files, log } = source;
  try {
    if (found.stat.type === 'directory') yield tarHeader(entryOf(found, { name: `${found.relativePath}/`, type: 'directory' }));
    else if (found.stat.type === 'symlink')
      yield tarHeader(entryOf(found, { type: 'symlink', link: await files.readLink(found.path) }));
    else if (found.stat.type === 'file' && found.path !== KERNEL_MEMORY) yield* regularFile(files, found, signal);
  } catch (e) {
    if (signal.aborted || !isUnread(e)) throw e;
    log.warn({ path: found.path, err: messageOf(e) }, 'left out of an archive');
  }
}

/** An error of the file itself, before anything of it was archived. */
function isUnread(e: unknown): boolean {
  return typeof e === 'object' && e !== null && 'code' in e;
}

async function* regularFile(files: Files, found: Found, signal: AbortSignal): AsyncGenerator<Buffer, void, undefined> {
  const content = files.stream(found.path, signal, { chunkBytes: CHUNK_BYTES })[Symbol.asyncIterator]();
  try {
    if (found.stat.sizeBytes <= UNSURE_BYTES) {
      const bytes = await readUpTo(content, MAX_UNSURE_BYTES);
      yield tarHeader(entryOf(found, { type: 'file', sizeBytes: BigInt(bytes.length) }));
      yield bytes;
      yield tarPadding(BigInt(bytes.length));
      return;
    }
    // The first piece is read before the header is sent, so that a file which cannot be read leaves no header behind.
    const first = await content.next();
    yield tarHeader(entryOf(found, { type: 'file', sizeBytes: found.stat.sizeBytes }));
    yield* exactly(found.stat.sizeBytes, first, content);
    yield tarPadding(found.stat.sizeBytes);
  } finally {
    await content.return?.();
  }
}

/** As many bytes as the header said: a file that grew is cut, one that shrank is filled up with zeros. */
async function* exactly(
  sizeBytes: bigint,
  first: IteratorResult<Buffer>,
  content: AsyncIterator<Buffer>,
): AsyncGenerator<Buffer, void, undefined> {
  let left = sizeBytes;
  for (let next = first; next.done !== true && left > 0n; next = await content.next().catch(ended)) {
    const take = left < BigInt(next.value.length) ? next.value.subarray(0, Number(left)) : next.value;
    left -= BigInt(take.length);
    yield take;
    if (left === 0n) return;
  }
  for (; left > 0n; left -= BigInt(CHUNK_BYTES)) yield left < BigInt(CHUNK_BYTES) ? ZEROS.subarray(0, Number(left)) : ZEROS;
}

function ended(e: unknown): IteratorResult<Buffer> {
  if (isUnread(e)) return { done: true, value: undefined };
  throw e;
}

async function readUpTo(content: AsyncIterator<Buffer>, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for (let next = await content.next(); next.done !== true && size < maxBytes; next = await content.next()) {
    chunks.push(next.value);
    size += next.value.length;
  }
  return Buffer.concat(chunks).subarray(0, maxBytes);
}

function entryOf(found: Found, own: Pick<TarEntry, 'type'> & Partial<TarEntry>): TarEntry {
  const { mode, uid, gid, modifiedMs } = found.stat;
  return { name: found.relativePath, mode, uid, gid, modifiedMs, sizeBytes: 0n, link: '', ...own };
}
