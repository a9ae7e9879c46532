// node tools/build/release.ts [--signing-key <folder>] [--twice]: adds kernel, initramfs and sealed image to dist/image, checks the size of all
// and prints what is there; with --twice builds the commit anew in two other folders and says what differs. `npm run image` ends in this.
import { readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { isFault } from '@minos/base';
import { buildTwice } from './build-twice.ts';
import { BUDGET, checkBudget, megabytes } from './image-budget.ts';
import { writeMachineFiles } from './machine-files.ts';
import { sealedParts } from './seal-image.ts';

const root = join(import.meta.dirname, '../..');
const outDir = join(root, 'dist/image');
const squashfs = join(outDir, 'rootfs.sqsh');

/** Parts that get a line of their own. */
const SHOWN = 16;

async function release(signing: string): Promise<void> {
  const files = await writeMachineFiles({ root, squashfs, signing, outDir });
  const { parts }: { parts: Record<string, number> } = JSON.parse(await readFile(join(outDir, 'sizes.json'), 'utf8'));
  console.log('what the packed root is made of:');
  const rows = Object.entries(parts);
  for (const [part, bytes] of rows.slice(0, SHOWN)) console.log(`  ${megabytes(bytes)}  ${part}`);
  const rest = rows.slice(SHOWN);
  console.log(`  ${megabytes(rest.reduce((sum, [, bytes]) => sum + bytes, 0))}  ${rest.length} more packages`);
  console.log('files:');
  const names = [
    squashfs,
    files.image,
    files.initramfs,
    files.vmlinuz,
    join(outDir, 'manifest.json'),
    join(outDir, 'sbom.spdx.json'),
  ];
  for (const file of names) console.log(`  ${megabytes((await stat(file)).size)}  ${relative(root, file)}`);
  const { rootHash } = sealedParts(await readFile(files.image));
  console.log(`root hash of the hash tree: ${(await readFile(files.image)).toString('hex', rootHash, rootHash + 32)}`);
  const sizes = await Promise.all([files.image, files.initramfs, files.vmlinuz].map(async (file) => (await stat(file)).size));
  const whole = sizes.reduce((sum, size) => sum + size, 0);
  console.log(`a machine boots from ${megabytes(whole).trim()}; it may have ${megabytes(BUDGET.whole).trim()}`);
  const packed = await packedFiles();
  checkBudget({ root: (await stat(squashfs)).size, whole, files: packed });
}

async function packedFiles(): Promise<ReadonlyMap<string, number>> {
  const { files }: { files: Record<string, number> } = JSON.parse(await readFile(join(outDir, 'sizes.json'), 'utf8'));
  return new Map(Object.entries(files));
}

const { values } = parseArgs({ options: { 'signing-key': { type: 'string' }, twice: { type: 'boolean', default: false } } });
const signing = resolve(values['signing-key'] ?? join(root, '.minos/signing'));
try {
  await release(signing);
  if (values.twice) {
    const { differences, files } = await buildTwice({ root, signing, say: (line) => console.log(line) });
    for (const line of differences) console.error(line);
    if (differences.length === 0) console.log(`built twice, in two folders: all ${files} files have the same bytes`);
    else process.exitCode = 1;
  }
} catch (e) {
  if (!isFault(e)) throw e;
  console.error(e.message);
  process.exitCode = 1;
}
