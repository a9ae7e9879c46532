import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { buildInitramfs } from '../build/initramfs.ts';
import { type MachineFiles as BootFiles, machineFilesIn, replaceFile, writeMachineFiles } from '../build/machine-files.ts';
import { isThere } from '../build/programs.ts';
import { signingKey } from '../build/signing-key.ts';

/** What a machine in QEMU is started from. */
export interface MachineFiles extends BootFiles {
  /** An initramfs that has the sealed image inside, for a machine without a disk. */
  readonly wholeInitramfs: string;
}

/** Where they are below the root of a checkout. */
export function machineFiles(root: string): MachineFiles {
  const folder = join(root, 'dist/vm');
  return { ...machineFilesIn(folder), wholeInitramfs: join(folder, 'initramfs-whole') };
}

/** Makes them from dist/image/rootfs.sqsh, signed with the key in `signing`, and lays them into dist/vm. */
export async function buildMachine(root: string, signing: string): Promise<MachineFiles> {
  const squashfs = join(root, 'dist/image/rootfs.sqsh');
  if (!(await isThere(squashfs))) throw new Fault('missing', 'dist/image/rootfs.sqsh is not built; npm run build makes it');
  const files = machineFiles(root);
  await writeMachineFiles({ root, squashfs, signing, outDir: join(root, 'dist/vm') });
  const { certificateDer: certificate } = await signingKey(signing);
  const image = await readFile(files.image);
  await replaceFile(files.wholeInitramfs, await buildInitramfs({ root, certificate, image }));
  return files;
}
