import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { MakerContext } from './maker-context.ts';
import { fileOfPackage, runPackageProgram } from './package-program.ts';

/** Which of udev's tables; those that only give vendors and models a name make up nearly all of its size, and no rule of ours asks them. */
const TABLES = ['20-net-ifname.hwdb', '20-pci-classes.hwdb', '20-vmbus-class.hwdb', '20-dmi-id.hwdb'];

/** Compiles the hardware database of udev. */
export async function makeHwdb({ packages, target }: MakerContext): Promise<void> {
  const work = await mkdtemp(`${target}-`);
  try {
    await mkdir(join(work, 'etc/udev/hwdb.d'), { recursive: true });
    for (const name of TABLES) {
      await copyFile(fileOfPackage(packages, `udev/lib/udev/hwdb.d/${name}`), join(work, 'etc/udev/hwdb.d', name));
    }
    await runPackageProgram(packages, {
      program: 'udev/bin/udevadm',
      name: 'udevadm',
      args: ['hwdb', '--update', '--root', work],
    });
    await copyFile(join(work, 'etc/udev/hwdb.bin'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
