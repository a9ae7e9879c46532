import { mkdir, mkdtemp, open, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isThere } from '../build/programs.ts';
import { run } from '../build/run-command.ts';

/** A disk with a configuration, as the data source NoCloud of cloud-init has it: ISO 9660, label `cidata`. */
export async function makeConfigDisk(file: string, config: { readonly text: string; readonly name: string }): Promise<void> {
  const folder = await mkdtemp(`${file}.`);
  try {
    await writeFile(join(folder, 'user-data'), config.text, { mode: 0o600 });
    await writeFile(join(folder, 'meta-data'), `local-hostname: ${config.name}\n`);
    await run('genisoimage', ['-quiet', '-volid', 'cidata', '-joliet', '-rational-rock', '-output', file, folder]);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** An empty disk with a label, for what a node keeps; one that is there stays as it is. */
export async function makeVolume(file: string, volume: { readonly label: string; readonly sizeMib: number }): Promise<void> {
  if (await isThere(file)) return;
  await mkdir(join(file, '..'), { recursive: true });
  const partial = `${file}.new`;
  await using handle = await open(partial, 'w');
  await handle.truncate(volume.sizeMib * 2 ** 20);
  await run('mke2fs', ['-q', '-F', '-t', 'ext4', '-L', volume.label, partial]);
  await rename(partial, file);
}
