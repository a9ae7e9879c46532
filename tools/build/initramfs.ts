import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { Fault } from '@minos/base';
import { type ArchiveEntry, packArchive } from './initramfs-archive.ts';
import { moduleOrder, readModules } from './kernel-modules.ts';
import { initramfsModules, unpackKernel } from './kernel-package.ts';
import { run } from './run-command.ts';

/** What an initramfs has beside stage 1 and modules. */
export interface InitramfsOptions {
  readonly root: string;
  /** X.509 in DER; with it, stage 1 starts only an image that the holder of its key has signed. */
  readonly certificate?: Buffer;
  /** An image to carry inside, for a machine without a disk. */
  readonly image?: Buffer;
}

const FILE = 0o644;
const PROGRAM = 0o755;

/** Builds stage 1 and packs it with the modules of rootfs/kernel.yaml, unstripped so that their signatures stay. The same inputs give the same bytes. */
export async function buildInitramfs(options: InitramfsOptions): Promise<Buffer> {
  const { root, certificate, image } = options;
  const entries: ArchiveEntry[] = [
    { path: 'init', mode: PROGRAM, content: await buildStage1(root) },
    ...(await moduleEntries(root)),
    ...(certificate === undefined ? [] : [{ path: 'certificate.der', mode: FILE, content: certificate }]),
  ];
  const packed = gzipSync(packArchive(entries), { level: 9 });
  if (image === undefined) return packed;
  // Compressed already: a second archive behind the first, begun on a multiple of four bytes as the kernel wants it.
  const gap = Buffer.alloc((4 - (packed.length % 4)) % 4);
  return Buffer.concat([packed, gap, packArchive([{ path: 'rootfs.sqsh', mode: FILE, content: image }])]);
}

async function buildStage1(root: string): Promise<Buffer> {
  const out = await mkdtemp(join(root, 'dist/stage1-'));
  try {
    await run('sh', [join(root, 'rootfs/stage1/build.sh'), out]);
    return await readFile(join(out, 'init'));
  } finally {
    await rm(out, { recursive: true, force: true });
  }
}

async function moduleEntries(root: string): Promise<ArchiveEntry[]> {
  const wanted = await initramfsModules(root);
  const found = await readModules((await unpackKernel(root)).modules, wanted);
  const order = moduleOrder(wanted, found);
  const files = order.map(async (name): Promise<ArchiveEntry> => {
    const module = found.get(name);
    if (module === undefined) throw new Fault('internal', `module ${name} has no file`);
    return { path: `modules/${name}.ko`, mode: FILE, content: await readFile(module.file) };
  });
  return [
    { path: 'modules', mode: PROGRAM },
    { path: 'modules/order', mode: FILE, content: Buffer.from(`${order.join('\n')}\n`) },
    ...(await Promise.all(files)),
  ];
}
