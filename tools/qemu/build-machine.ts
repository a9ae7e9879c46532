import { copyFile, mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { buildInitramfs } from '../build/initramfs.ts';
import { unpackKernel } from '../build/kernel-package.ts';
import { isThere } from '../build/programs.ts';
import { sealImage } from '../build/seal-image.ts';
import { signingKey } from '../build/signing-key.ts';

/** What a machine is started from. */
export interface MachineFiles {
  readonly vmlinuz: string;
  readonly initramfs: string;
  /** The sealed image, for a disk. */
  readonly image: string;
  /** An initramfs that has the sealed image inside, for a machine without a disk. */
  readonly wholeInitramfs: string;
}

/** Where they are below the root of a checkout. */
export function machineFiles(root: string): MachineFiles {
  const folder = join(root, 'dist/vm');
  return {
    vmlinuz: join(folder, 'vmlinuz'),
    initramfs: join(folder, 'initramfs'),
    image: join(folder, 'rootfs.img'),
    wholeInitramfs: join(folder, 'initramfs-whole'),
  };
}

/** Makes them from dist/image/rootfs.sqsh, signed with the key in `signing`, and lays them into dist/vm. */
export async function buildMachine(root: string, signing: string): Promise<MachineFiles> {
  const squashfs = join(root, 'dist/image/rootfs.sqsh');
  if (!(await isThere(squashfs))) throw new Fault('missing', 'dist/image/rootfs.sqsh is not built; npm run build makes it');
  const files = machineFiles(root);
  await mkdir(join(root, 'dist/vm'), { recursive: true });
  const [{ vmlinuz }, { keyPem, certificateDer: certificate }] = await Promise.all([unpackKernel(root), signingKey(signing)]);
  await copyFile(vmlinuz, files.vmlinuz);
  const image = sealImage(await readFile(squashfs), keyPem);
  await replaceFile(files.image, image);
  await replaceFile(files.initramfs, await buildInitramfs({ root, certificate }));
  await replaceFile(files.wholeInitramfs, await buildInitramfs({ root, certificate, image }));
  return files;
}

/** A machine that runs keeps the file that it has open. */
async function replaceFile(path: string, content: Buffer): Promise<void> {
  await writeFile(`${path}.new`, content);
  await rename(`${path}.new`, path);
}
