import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildInitramfs } from './initramfs.ts';
import { unpackKernel } from './kernel-package.ts';
import { sealImage } from './seal-image.ts';
import { signingKey } from './signing-key.ts';

/** What the files of a machine are made from and into. */
export interface MachineFilesOptions {
  /** The root of the checkout. */
  readonly root: string;
  /** The packed root. */
  readonly squashfs: string;
  /** The folder of the key that signs; one is made when there is none. */
  readonly signing: string;
  readonly outDir: string;
}

/** What a machine boots from. */
export interface MachineFiles {
  readonly vmlinuz: string;
  readonly initramfs: string;
  /** The packed root with its signed seal and its hash tree behind it, for a disk. */
  readonly image: string;
}

/** Where they are in a folder. */
export function machineFilesIn(folder: string): MachineFiles {
  return { vmlinuz: join(folder, 'vmlinuz'), initramfs: join(folder, 'initramfs'), image: join(folder, 'rootfs.img') };
}

/** Writes them; the same checkout, root and key give the same bytes. A machine that runs keeps the files that it has open. */
export async function writeMachineFiles({ root, squashfs, signing, outDir }: MachineFilesOptions): Promise<MachineFiles> {
  const files = machineFilesIn(outDir);
  await mkdir(outDir, { recursive: true });
  const [{ vmlinuz }, { keyPem, certificateDer: certificate }] = await Promise.all([unpackKernel(root), signingKey(signing)]);
  await copyFile(vmlinuz, `${files.vmlinuz}.new`);
  await rename(`${files.vmlinuz}.new`, files.vmlinuz);
  await replaceFile(files.image, sealImage(await readFile(squashfs), keyPem));
  await replaceFile(files.initramfs, await buildInitramfs({ root, certificate }));
  return files;
}

/** The old file stays as it is for whoever has it open. */
export async function replaceFile(path: string, content: Buffer): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}
