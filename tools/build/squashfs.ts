import { rename, rm, writeFile } from 'node:fs/promises';
import type { ImageEntry } from './image-manifest.ts';
import { run } from './run-command.ts';

/** What is packed, and into which file. */
export interface SquashfsOptions {
  readonly stage: string;
  readonly entries: readonly ImageEntry[];
  readonly file: string;
  /** zstd level: 6 packs in a second or two, 15 in ten times that and 8 % smaller. */
  readonly level: number;
}

/** A line of mksquashfs's pseudo file: what is staged gets its mode and owner, a link is made. */
function attributesOf({ path, source, mode, uid, gid }: ImageEntry): string {
  return source.kind === 'link' ? `"${path}" s ${mode} ${uid} ${gid} ${source.target}\n` : `"${path}" m ${mode} ${uid} ${gid}\n`;
}

/** Packs a staged tree with the modes and owners of its entries; the same tree gives the same bytes. */
export async function writeSquashfs({ stage, entries, file, level }: SquashfsOptions): Promise<void> {
  const attributes = `${file}.attributes`;
  const partial = `${file}.partial`;
  const rows = entries.map(attributesOf);
  await writeFile(attributes, ['/ m 0755 0 0\n', ...rows].join(''));
  await rm(partial, { force: true });
  const sameBytes = ['-mkfs-time', '0', '-all-time', '0', '-no-xattrs', '-no-exports', '-noappend', '-no-progress'];
  const packing = ['-comp', 'zstd', '-Xcompression-level', String(level), '-b', '128K'];
  await run('mksquashfs', [stage, partial, ...sameBytes, ...packing, '-pf', attributes]);
  await rename(partial, file);
  await rm(attributes);
}

/** One line for each thing in an image file, as `mode owner path`, in order. */
export async function listSquashfs(file: string): Promise<readonly string[]> {
  const rows: string[] = [];
  for (const line of (await run('unsquashfs', ['-lln', file])).split('\n')) {
    const [, mode, owner, path] = /^(\S{10})\s+(\d+\/\d+)\s+\d+ \S+ \S+ squashfs-root(\/.*)$/.exec(line) ?? [];
    if (path !== undefined) rows.push(`${mode} ${owner} ${path}`);
  }
  return rows;
}
