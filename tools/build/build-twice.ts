import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
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

const LINE_MAX = 300;
/** What the bundler writes about its work has the names of folders; nothing of it is in an image. */
const ABOUT_THE_BUILD = /\.(map|meta\.json)$/;

/** Paths of unlike lengths, so that a path inside a file shows. */
const FOLDERS = ['a', 'another/folder/with-a-longer-name'] as const;

/** Builds the commit of a checkout in two folders with one key and compares all files that they made. The packages and blocks that the checkout has at hand are used again; what they are is checked by their hashes. */
export async function buildTwice({ root, signing, say }: BuildTwiceOptions): Promise<Comparison> {
  const { name } = await commitOf(root);
  const commit = (await run('git', ['rev-parse', 'HEAD'], root)).trim();
  if (name.endsWith('-dirty'))
    throw new Fault('precondition', 'files differ from the commit; commit them, because two clones of it are built');
  const work = await mkdtemp(join(tmpdir(), 'minos-twice-'));
  try {
    const outputs: string[] = [];
    for (const folder of FOLDERS) {
      say(`building ${name} in ${join(work, folder)}`);
      outputs.push(await buildClone({ root, signing, commit, clone: join(work, folder) }));
    }
    const [first = '', second = ''] = outputs;
    return await compareBuilds(first, second);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface CloneOptions {
  readonly root: string;
  readonly signing: string;
  readonly commit: string;
  readonly clone: string;
}

async function buildClone({ root, signing, commit, clone }: CloneOptions): Promise<string> {
  await run('git', ['clone', '--quiet', '--no-checkout', root, clone]);
  await run('git', ['checkout', '--quiet', '--detach', commit], clone);
  for (const folder of await installedFolders(root)) {
    await run('cp', ['-a', '--reflink=auto', join(root, folder), join(clone, folder)]);
  }
  await mkdir(join(clone, 'dist'), { recursive: true });
  await run('sh', ['rootfs/init/build.sh', 'dist/init'], clone);
  for (const script of ['bundle.ts', 'image.ts']) await run(process.execPath, [`tools/build/${script}`], clone);
  await run(process.execPath, ['tools/build/release.ts', '--signing-key', signing], clone);
  return join(clone, 'dist');
}

/** What a checkout has besides its commit that a build needs: packages of npm, also those of one project alone, and the packages and blocks at hand. */
async function installedFolders(root: string): Promise<readonly string[]> {
  const text = await run('git', ['ls-files', '--others', '--ignored', '--exclude-standard', '--directory'], root);
  return text.split('\n').flatMap((line) => /^((?:.*\/)?node_modules|\.cache)\/$/.exec(line)?.[1] ?? []);
}

/** What goes into the image first, so that what is named first is where a difference comes from. */
async function compareBuilds(first: string, second: string): Promise<Comparison> {
  const parts: Comparison[] = [];
  for (const folder of ['init', 'minos', 'minosctl', 'image']) {
    const { files, differences } = await compareFolders(join(first, folder), join(second, folder));
    parts.push({ files, differences: differences.map((line) => `dist/${folder}/${line}`) });
  }
  return {
    files: parts.reduce((sum, { files }) => sum + files, 0),
    differences: parts.flatMap(({ differences }) => differences),
  };
}

/** Compares two folders of files by their bytes; of the first pair of texts that differ it names the first line. */
export async function compareFolders(first: string, second: string): Promise<Comparison> {
  const names = [...new Set([...(await filesBelow(first)), ...(await filesBelow(second))])].sort();
  const differences: string[] = [];
  for (const name of names) {
    const [a, b] = await Promise.all([first, second].map((folder) => sha256Of(join(folder, name)).catch(() => 'nothing')));
    if (a !== b) differences.push(`${name} differs: ${a} and ${b}${await firstLine(join(first, name), join(second, name))}`);
  }
  return { files: names.length, differences };
}

async function filesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true, withFileTypes: true });
  return found
    .filter((f) => f.isFile() && !ABOUT_THE_BUILD.test(f.name))
    .map((f) => relative(folder, join(f.parentPath, f.name)));
}

async function firstLine(first: string, second: string): Promise<string> {
  if (!first.endsWith('.json')) return '';
  const [a, b] = await Promise.all(
    [first, second].map(async (file) => (await readFile(file, 'utf8').catch(() => '')).split('\n')),
  );
  const at = a?.findIndex((line, i) => line !== b?.[i]) ?? -1;
  const shown = (line: string | undefined): string => (line ?? '').slice(0, LINE_MAX);
  return at < 0 ? '' : `\n  first: ${shown(a?.[at])}\n  second: ${shown(b?.[at])}`;
}
