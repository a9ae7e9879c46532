import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { parseYamlDocument, textsAt } from '@minos/config';
import { type UnpackedPackages, unpackPackages } from './package-store.ts';

/** The kernel, unpacked: its image, the folder of its modules with all that the package has beside them, and its release as `uname -r` says it. */
export interface UnpackedKernel {
  readonly vmlinuz: string;
  readonly modules: string;
  readonly release: string;
}

/** The locked kernel, downloaded and unpacked when it was not yet. */
export async function unpackKernel(root: string): Promise<UnpackedKernel> {
  return kernelOf(await unpackPackages(root));
}

/** The kernel among unpacked packages: the one whose lock follows another package. */
export async function kernelOf(packages: UnpackedPackages): Promise<UnpackedKernel> {
  const [found] = [...packages.values()].filter((p) => p.locked.follows?.startsWith('linux-image-') === true);
  if (found === undefined)
    throw new Fault('invalid', 'rootfs/packages.lock.yaml has no kernel: a package that follows linux-image-…');
  const parent = join(found.folder, 'lib/modules');
  const [release] = await readdir(parent);
  if (release === undefined) throw new Fault('invalid', `${found.locked.name} has no modules`);
  return { vmlinuz: join(found.folder, 'boot', `vmlinuz-${release}`), modules: join(parent, release), release };
}

/** The modules that the initramfs is to have, from rootfs/kernel.yaml. */
export async function initramfsModules(root: string): Promise<readonly string[]> {
  const document = parseYamlDocument(await readFile(join(root, 'rootfs/kernel.yaml'), 'utf8'));
  const names = document.ok ? textsAt(document.value, 'modules') : [];
  if (names.length === 0) throw new Fault('invalid', 'rootfs/kernel.yaml: expected a list `modules`');
  return names;
}
