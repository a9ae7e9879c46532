import { mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { build } from 'esbuild';
import { nodeOf } from '../../build/code-cache.ts';
import { type ImageEntry, parseImageManifest } from '../../build/image-manifest.ts';
import { type MachineFiles, writeMachineFiles } from '../../build/machine-files.ts';
import { fileOfPackage } from '../../build/package-program.ts';
import { unpackPackages } from '../../build/package-store.ts';
import { run } from '../../build/run-command.ts';
import { writeSlimNode } from '../../build/slim-node.ts';
import { writeSquashfs } from '../../build/squashfs.ts';

const LEVEL = 19;
const BLOCK_BYTES = 128 * 1024;
/** What Node is linked to, of the libraries in rootfs/image.yaml. */
const LIBRARIES = /\/(ld-linux-x86-64\.so\.2|lib(c|m|dl|pthread|stdc\+\+|gcc_s|atomic)\.so\.\d+)$/;
const MOUNT_POINTS = ['/dev', '/proc', '/sys', '/run', '/tmp'];

/** Makes a machine of Node, its libraries and one gRPC server alone: the same kernel, stage 1 and packing as a node, sealed with the same key. */
export async function buildBareMachine(root: string, dir: string): Promise<MachineFiles> {
  await mkdir(dir, { recursive: true });
  const source = join(root, 'e2e/bench/bare-node');
  const files = { init: join(dir, 'init'), node: join(dir, 'node'), server: join(dir, 'server.js') };
  await run('musl-gcc', ['-idirafter', '/usr/include', '-static', '-Os', '-s', '-o', files.init, join(source, 'init.c')]);
  await writeSlimNode(nodeOf(root), files.node);
  await build({
    ...{ entryPoints: [join(source, 'server.ts')], outfile: files.server, bundle: true, format: 'cjs' },
    ...{ platform: 'node', target: 'node26', minifyWhitespace: true, minifySyntax: true, logLevel: 'warning' },
  });
  const contents = new Map([
    ['/sbin/init', files.init],
    ['/bin/node', files.node],
    ['/server.js', files.server],
    ...(await libraries(root)),
  ]);
  const squashfs = join(dir, 'rootfs.sqsh');
  await writeSquashfs({
    contents,
    entries: entriesOf([...contents.keys()]),
    file: squashfs,
    packing: { level: LEVEL, blockBytes: BLOCK_BYTES },
    cache: join(root, `.cache/bench-blocks-${process.versions['zstd']}-${LEVEL}-${BLOCK_BYTES}`),
  });
  return writeMachineFiles({ root, squashfs, signing: join(root, '.minos/signing'), outDir: join(dir, 'machine') });
}

/** The same files as in the image of a node. */
async function libraries(root: string): Promise<readonly (readonly [string, string])[]> {
  const document = parseYamlDocument(await readFile(join(root, 'rootfs/image.yaml'), 'utf8'));
  const manifest = document.ok ? parseImageManifest(document.value) : document;
  if (!manifest.ok) throw new Fault('invalid', `rootfs/image.yaml:\n${formatProblems(manifest.problems)}`);
  const packages = await unpackPackages(root);
  return manifest.value.flatMap(({ path, source }) =>
    source.kind === 'package' && LIBRARIES.test(path) ? [[path, fileOfPackage(packages, source.from)] as const] : [],
  );
}

/** An entry for each file, for the folders above it, and for what is mounted on; pure. */
function entriesOf(files: readonly string[]): readonly ImageEntry[] {
  const folders = new Set([...MOUNT_POINTS, ...files.flatMap(foldersAbove)]);
  const common = { mode: '0755', uid: 0, gid: 0, strip: false } as const;
  return [
    ...[...folders].map((path): ImageEntry => ({ path, source: { kind: 'directory' }, ...common })),
    ...files.map((path): ImageEntry => ({ path, source: { kind: 'build', from: path }, ...common })),
  ];
}

function foldersAbove(path: string): readonly string[] {
  const above = dirname(path);
  return above === '/' ? [] : [...foldersAbove(above), above];
}
