import { createHash } from 'node:crypto';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, formatProblems, messageOf } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { type KernelLock, movedLock, parseKernelLock } from './kernel-lock.ts';
import { isThere } from './programs.ts';
import { replaceFolder } from './replace-folder.ts';
import { run } from './run-command.ts';

const META_PACKAGE = 'linux-image-cloud-amd64';

/** The kernel, unpacked: its image, and the folder of its modules. */
export interface UnpackedKernel {
  readonly vmlinuz: string;
  readonly modules: string;
}

/** Reads rootfs/kernel.yaml. */
export async function readKernelLock(root: string): Promise<KernelLock> {
  const document = parseYamlDocument(await readFile(join(root, 'rootfs/kernel.yaml'), 'utf8'));
  const lock = document.ok ? parseKernelLock(document.value) : document;
  if (!lock.ok) throw new Fault('invalid', `rootfs/kernel.yaml:\n${formatProblems(lock.problems)}`);
  return lock.value;
}

/** Downloads the locked package by apt and unpacks it into dist/kernel, unless that was done. Throws when the archive has other bytes or no such version. */
export async function unpackKernel(root: string): Promise<UnpackedKernel> {
  const lock = await readKernelLock(root);
  const folder = join(root, 'dist/kernel');
  const stamp = join(folder, lock.sha256);
  if (!(await isThere(stamp))) {
    await mkdir(join(root, 'dist'), { recursive: true });
    await replaceFolder(folder, async (fresh) => {
      const { file, sha256 } = await download(fresh, `${lock.package}=${lock.version}`);
      if (sha256 !== lock.sha256)
        throw new Fault('precondition', `${lock.package} ${lock.version} has the hash ${sha256}, not the locked one`);
      await run('dpkg-deb', ['-x', file, join(fresh, 'tree')]);
      await rm(file);
      const [vmlinuz] = (await readdir(join(fresh, 'tree/boot'))).filter((name) => name.startsWith('vmlinuz-'));
      await copyFile(join(fresh, 'tree/boot', vmlinuz ?? 'vmlinuz'), join(fresh, 'vmlinuz'));
      await writeFile(join(fresh, lock.sha256), `${lock.package} ${lock.version}\n`);
    });
  }
  return { vmlinuz: join(folder, 'vmlinuz'), modules: join(folder, 'tree/lib/modules') };
}

/** Takes the newest kernel of the archive into the lock, and says what changed. */
export async function moveKernelLock(root: string): Promise<string> {
  const old = await readKernelLock(root);
  const text = await run('apt-cache', ['depends', META_PACKAGE]);
  const [, name] = /Depends: (linux-image-\S+)/.exec(text) ?? [];
  if (name === undefined) throw new Fault('missing', `${META_PACKAGE} is not in the archive; run apt-get update`);
  const folder = await mkdtemp(join(root, 'dist/kernel-lock-'));
  try {
    const { file, sha256 } = await download(folder, name);
    const version = (await run('dpkg-deb', ['-f', file, 'Version'])).trim();
    const path = join(root, 'rootfs/kernel.yaml');
    await writeFile(path, movedLock(await readFile(path, 'utf8'), { package: name, version, sha256 }));
    return sha256 === old.sha256 ? `${name} ${version} is the newest` : `${old.package} ${old.version} → ${name} ${version}`;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function download(folder: string, wanted: string): Promise<{ readonly file: string; readonly sha256: string }> {
  // apt's own user would have to reach this folder; it is told to stay who it is.
  await run('apt-get', ['-o', 'APT::Sandbox::User=root', 'download', wanted], folder).catch((e: unknown) => {
    const hint = 'run apt-get update; when the archive has no such version any more: node tools/build/kernel.ts --move-lock';
    throw new Fault('unavailable', `${wanted} cannot be downloaded: ${messageOf(e)}\n${hint}`, {}, { cause: e });
  });
  const [name] = (await readdir(folder)).filter((entry) => entry.endsWith('.deb'));
  if (name === undefined) throw new Fault('internal', `apt-get download ${wanted} left no file`);
  const file = join(folder, name);
  return {
    file,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  };
}
