import { open, readdir, realpath, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, isFault } from '@minos/base';
import { checkLibraries } from './image-libraries.ts';
import { MAKERS } from './image-makers.ts';
import type { ImageEntry, ImageSource } from './image-manifest.ts';
import { fileOfPackage } from './package-program.ts';
import type { UnpackedPackages } from './package-store.ts';
import { isThere } from './programs.ts';
import { run } from './run-command.ts';

/** What an image is put together from. */
export interface ImageInputs {
  /** The root of the checkout. */
  readonly root: string;
  readonly packages: UnpackedPackages;
  /** A folder of our own for what is made on the way. */
  readonly work: string;
}

/** One thing of the image with the file that it is copied from; without one it is a directory or a link. */
export interface PlannedEntry extends ImageEntry {
  readonly file?: string;
}

/** Makes what has to be made and finds the file of each entry; a made folder becomes an entry for each thing in it. Throws a Fault naming all that is missing, and every file of rootfs/tree that no entry names. */
export async function planImage(inputs: ImageInputs, entries: readonly ImageEntry[]): Promise<readonly PlannedEntry[]> {
  const planned: PlannedEntry[] = [];
  const missing: string[] = [];
  for (const entry of entries) {
    const file = await fileOf(inputs, entry.source).catch((e: unknown) => {
      if (!isFault(e) || e.kind !== 'missing') throw e;
      missing.push(`${entry.path}: ${e.message}`);
      return null;
    });
    if (file === null) continue;
    planned.push(...(file === undefined ? [entry] : await withFile(entry, file)));
  }
  missing.push(...(await unnamedTreeFiles(inputs.root, entries)));
  if (missing.length > 0) throw new Fault('missing', `rootfs/image.yaml does not fit what is there:\n  ${missing.join('\n  ')}`);
  return planned.sort((a, b) => (a.path < b.path ? -1 : 1));
}

/** Undefined for what has no file. */
async function fileOf({ root, packages, work }: ImageInputs, source: ImageSource): Promise<string | undefined> {
  if (!('from' in source)) return undefined;
  const { kind, from } = source;
  if (kind === 'made') return make({ root, packages, work }, from);
  const file = kind === 'package' ? fileOfPackage(packages, from) : join(root, FOLDERS[kind], from);
  if (!(await isThere(file))) throw new Fault('missing', `${kind}:${from} is not there`);
  return realpath(file);
}

const FOLDERS = { tree: 'rootfs/tree', npm: 'node_modules', build: 'dist' } as const;

async function make({ root, packages, work }: ImageInputs, name: string): Promise<string> {
  const maker = Object.hasOwn(MAKERS, name) ? MAKERS[name] : undefined;
  if (maker === undefined) throw new Fault('missing', `made:${name}: image-makers.ts has none of that name`);
  const target = join(work, name);
  await rm(target, { recursive: true, force: true });
  await maker({ root, packages, target });
  return target;
}

/** A folder stands for all that is in it: directories, and files with the mode and owner of the entry. */
async function withFile(entry: ImageEntry, file: string): Promise<readonly PlannedEntry[]> {
  if (entry.source.kind !== 'made' || !(await isDirectory(file))) return [{ ...entry, file }];
  const directory = { ...entry, source: { kind: 'directory' }, mode: '0755' } as const;
  const found = await readdir(file, { recursive: true, withFileTypes: true });
  const inside = found.map((f): PlannedEntry => {
    const from = join(f.parentPath, f.name);
    const path = entry.path + from.slice(file.length);
    return f.isDirectory() ? { ...directory, path } : { ...entry, path, file: from };
  });
  return [directory, ...inside];
}

async function isDirectory(file: string): Promise<boolean> {
  await using handle = await open(file);
  return (await handle.stat()).isDirectory();
}

async function unnamedTreeFiles(root: string, entries: readonly ImageEntry[]): Promise<string[]> {
  const named = new Set(entries.flatMap((e) => (e.source.kind === 'tree' ? [join(root, 'rootfs/tree', e.source.from)] : [])));
  const found = await readdir(join(root, 'rootfs/tree'), { recursive: true, withFileTypes: true });
  return found
    .filter((f) => !f.isDirectory())
    .map((f) => join(f.parentPath, f.name))
    .filter((f) => !named.has(f))
    .map((f) => `${f} is in the tree, and no entry names it`);
}

/** The content of every file: path in the image → file on this machine, stripped where asked. Throws a Fault unless each ELF file finds its libraries in the image, and each library its user. */
export async function imageContents(plan: readonly PlannedEntry[], work: string): Promise<ReadonlyMap<string, string>> {
  const contents = new Map<string, string>();
  const elf = new Map<string, string>();
  for (const { path, file, strip } of plan) {
    if (file === undefined) continue;
    const content = strip ? join(work, `stripped-${contents.size}`) : file;
    if (strip) await run('strip', ['--strip-unneeded', '-o', content, file]);
    contents.set(path, content);
    if (!path.endsWith('.ko') && (await isElf(content))) elf.set(path, content);
  }
  await checkLibraries(elf);
  return contents;
}

async function isElf(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString('latin1') === '\x7fELF';
}
