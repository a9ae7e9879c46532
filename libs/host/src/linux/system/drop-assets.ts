import { getAssetKeys, getRawAsset, isSea } from 'node:sea';
import type { Libc } from '../native/libc.ts';

const MADV_DONTNEED = 4;

/** A stretch of memory. */
export interface Stretch {
  readonly address: bigint;
  readonly length: bigint;
}

/** The whole pages inside a stretch; undefined when there are none. */
export function wholePages({ address, length }: Stretch, pageSizeBytes: number): Stretch | undefined {
  const page = BigInt(pageSizeBytes);
  const start = ((address + page - 1n) / page) * page;
  const end = ((address + length) / page) * page;
  return end > start ? { address: start, length: end - start } : undefined;
}

/** Lets go of the pages of programs and code caches inside the executable, which are copied when a program begins; read again they come back from the file. */
export function dropAssets(c: Libc, pageSizeBytes: number): void {
  if (!isSea()) return;
  for (const key of getAssetKeys()) {
    const asset = getRawAsset(key);
    const pages = wholePages({ address: c.addressOf(asset), length: BigInt(asset.byteLength) }, pageSizeBytes);
    if (pages !== undefined) c.madvise(pages.address, pages.length, MADV_DONTNEED);
  }
}
