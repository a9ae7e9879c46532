import { mkdir, mkdtemp, open, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { auditProblems, parseListing, programsOf } from './image-audit.ts';
import { checkBudget } from './image-budget.ts';
import { type ContentRow, listContents } from './image-contents.ts';
import { parseImageManifest } from './image-manifest.ts';
import { originOf } from './image-origin.ts';
import { imageContents, type PlannedEntry, planImage } from './image-staging.ts';
import { type UnpackedPackages, unpackPackages } from './package-store.ts';
import { run } from './run-command.ts';
import { imageSbom } from './sbom.ts';
import { type SquashfsReport, writeSquashfs } from './squashfs.ts';

/** What an image is built from and into. */
export interface BuildImageOptions {
  /** The root of the checkout. */
  readonly root: string;
  /** The folder of rootfs.sqsh, manifest.json, sizes.json and sbom.spdx.json. */
  readonly outDir: string;
  /** zstd level. */
  readonly level: number;
  readonly say: (line: string) => void;
}

/** What was built. */
export interface BuiltImage {
  readonly report: SquashfsReport;
  readonly programs: readonly string[];
  readonly entries: number;
}

/** A larger one packs to less, and costs memory and time whenever a page is read. */
const BLOCK_BYTES = 128 * 1024;

/** Builds the root of a node from rootfs/image.yaml, checks it as a whole, and writes beside it what is in it. The same checkout gives the same bytes. */
export async function buildImage({ root, outDir, level, say }: BuildImageOptions): Promise<BuiltImage> {
  const packages = await unpackPackages(root, say);
  await mkdir(outDir, { recursive: true });
  const work = await mkdtemp(join(outDir, 'work-'));
  try {
    const plan = await planImage({ root, packages, work }, await readEntries(root));
    const contents = await imageContents(plan, work);
    const packing = { level, blockBytes: BLOCK_BYTES };
    const cache = join(root, `.cache/blocks-${process.versions['zstd']}-${level}-${BLOCK_BYTES}`);
    const file = join(work, 'rootfs.sqsh');
    const report = await writeSquashfs({ contents, entries: plan, file, packing, cache });
    const rows = await listContents(plan, await withSizes(contents), packages);
    await audit(file, rows, contents);
    await writeFile(join(outDir, 'manifest.json'), rowsText(rows));
    await writeFile(join(outDir, 'sbom.spdx.json'), `${JSON.stringify(await imageSbom({ root, packages, file }), null, 1)}\n`);
    const sizes = sizesOf(plan, report, packages);
    await writeFile(join(outDir, 'sizes.json'), `${JSON.stringify(sizes, null, 1)}\n`);
    checkBudget({ root: report.bytes, files: report.packedBytes });
    await rename(file, join(outDir, 'rootfs.sqsh'));
    return { report, programs: programsOf(rows), entries: rows.length };
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function readEntries(root: string) {
  const document = parseYamlDocument(await readFile(join(root, 'rootfs/image.yaml'), 'utf8'));
  const manifest = document.ok ? parseImageManifest(document.value) : document;
  if (!manifest.ok) throw new Fault('invalid', `rootfs/image.yaml:\n${formatProblems(manifest.problems)}`);
  return manifest.value;
}

async function withSizes(contents: ReadonlyMap<string, string>) {
  const rows = [...contents].map(async ([path, file]) => [path, { file, size: (await stat(file)).size }] as const);
  return new Map(await Promise.all(rows));
}

/** Asks the finished file, not the plan. */
async function audit(file: string, rows: readonly ContentRow[], contents: ReadonlyMap<string, string>): Promise<void> {
  const listed = parseListing(await run('unsquashfs', ['-lln', file]));
  const scripts: string[] = [];
  for (const [path, content] of contents) if (await isScript(content)) scripts.push(path);
  const problems = [...auditProblems(listed, rows, scripts), ...(await attributeProblems(file))];
  if (problems.length > 0) throw new Fault('precondition', `the image is not as an image has to be:\n  ${problems.join('\n  ')}`);
}

async function isScript(file: string): Promise<boolean> {
  await using handle = await open(file);
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(2), 0, 2, 0);
  return bytesRead === 2 && buffer.toString('latin1') === '#!';
}

const XATTR_TABLE_AT = 56;

/** File capabilities are extended attributes, of which an image has no table. */
async function attributeProblems(file: string): Promise<readonly string[]> {
  await using handle = await open(file);
  const { buffer } = await handle.read(Buffer.alloc(8), 0, 8, XATTR_TABLE_AT);
  return buffer.readBigInt64LE() === -1n ? [] : ['there are extended attributes in it'];
}

/** One entry a line, so that two lists can be compared. */
function rowsText(rows: readonly ContentRow[]): string {
  return `[\n${rows.map((row) => JSON.stringify(row)).join(',\n')}\n]\n`;
}

function sizesOf(plan: readonly PlannedEntry[], report: SquashfsReport, packages: UnpackedPackages) {
  const parts: Record<string, number> = {};
  for (const entry of plan) {
    const bytes = report.packedBytes.get(entry.path);
    const { part } = originOf(entry, packages);
    if (bytes !== undefined) parts[part] = (parts[part] ?? 0) + bytes;
  }
  const sorted = Object.entries(parts).sort(([, a], [, b]) => b - a);
  return { root: report.bytes, parts: Object.fromEntries(sorted), files: Object.fromEntries(report.packedBytes) };
}
