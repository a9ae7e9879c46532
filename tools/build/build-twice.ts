import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { commitOf } from './commit-of.ts';
import { sha256Of } from './package-archive.ts';
import { run } from './run-command.ts';

/** What is built twice. */
export interface BuildTwiceOptions {
  /** The root of a checkout; its commit is built, without what is not committed. */
  readonly root: string;
  /** The folder of the key that signs both. */
  readonly signing: string;
  readonly say: (line: string) => void;
}

/** How the two builds compare. */
export interface Comparison {
  /** How many files there are. */
  readonly files: number;
  /** One line for each file that differs, the first with the first line or entry that does; empty when all are the same. */
  readonly differences: readonly string[];
}

/** Paths of unlike lengths, so that a path inside a file shows. */
const FOLDERS = ['a', 'another/folder/with-a-longer-name'] as const;

/** Builds the commit of a checkout in two folders with one key and compares all files of dist/image. The packages and blocks that the checkout has at hand are used again; what they are is checked by their hashes. */
export async function buildTwice({ root, signing, say }: BuildTwiceOptions): Promise<Comparison> {
  const { name } = await commitOf(root);
  if (name.endsWith('-dirty'))
    throw new Fault('precondition', 'files differ from the commit; commit them, because two clones of it are built');
  const work = await mkdtemp(join(tmpdir(), 'minos-twice-'));
  try {
    const outputs: string[] = [];
    for (const folder of FOLDERS) {
      say(`building ${name} in ${join(work, folder)}`);
      outputs.push(await buildClone(root, join(work, folder), signing));
    }
    const [first = '', second = ''] = outputs;
    return await compareFolders(first, second);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function buildClone(root: string, clone: string, signing: string): Promise<string> {
  await run('git', ['clone', '--quiet', '--local', root, clone]);
  for (const folder of ['node_modules', '.cache'])
    await run('cp', ['-a', '--reflink=auto', join(root, folder), join(clone, folder)]);
  await mkdir(join(clone, 'dist'), { recursive: true });
  await run('sh', ['rootfs/init/build.sh', 'dist/init'], clone);
  for (const script of ['bundle.ts', 'image.ts']) await run(process.execPath, [`tools/build/${script}`], clone);
  await run(process.execPath, ['tools/build/release.ts', '--signing-key', signing], clone);
  return join(clone, 'dist/image');
}

/** Compares two folders of files by their bytes; of the first pair of texts that differ it names the first line. */
export async function compareFolders(first: string, second: string): Promise<Comparison> {
  const names = [...new Set([...(await readdir(first)), ...(await readdir(second))])].sort();
  const differences: string[] = [];
  for (const name of names) {
    const [a, b] = await Promise.all([first, second].map((folder) => sha256Of(join(folder, name)).catch(() => 'nothing')));
    if (a !== b) differences.push(`${name} differs: ${a} and ${b}${await firstLine(join(first, name), join(second, name))}`);
  }
  return { files: names.length, differences };
}

async function firstLine(first: string, second: string): Promise<string> {
  if (!first.endsWith('.json')) return '';
  const [a, b] = await Promise.all(
    [first, second].map(async (file) => (await readFile(file, 'utf8').catch(() => '')).split('\n')),
  );
  const at = a?.findIndex((line, i) => line !== b?.[i]) ?? -1;
  return at < 0 ? '' : `\n  first: ${a?.[at] ?? ''}\n  second: ${b?.[at] ?? ''}`;
}
