// node tools/build/image.ts [--level N]: writes dist/image/rootfs.sqsh from rootfs/image.yaml.
import { chmod, mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault, formatProblems } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { parseImageManifest } from './image-manifest.ts';
import { planImage, stageImage } from './image-staging.ts';
import { unpackPackages } from './package-store.ts';
import { writeSquashfs } from './squashfs.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { level: { type: 'string', default: '6' } } });

const document = parseYamlDocument(await readFile(join(root, 'rootfs/image.yaml'), 'utf8'));
const manifest = document.ok ? parseImageManifest(document.value) : document;
if (!manifest.ok) throw new Fault('invalid', `rootfs/image.yaml:\n${formatProblems(manifest.problems)}`);

const outDir = join(root, 'dist/image');
await mkdir(outDir, { recursive: true });
const work = await mkdtemp(join(outDir, 'work-'));
try {
  const file = join(outDir, 'rootfs.sqsh');
  const packages = await unpackPackages(root, console.log);
  const plan = await planImage({ root, packages, work }, manifest.value);
  const stage = join(work, 'stage');
  await stageImage(plan, stage);
  // mksquashfs takes the mode of the root from here; its pseudo files cannot change that one.
  await chmod(stage, 0o755);
  await writeSquashfs({ stage, entries: plan, file, level: Number(values.level) });
  console.log(`dist/image/rootfs.sqsh  ${((await stat(file)).size / 1e6).toFixed(1)} MB  ${plan.length} entries`);
} finally {
  await rm(work, { recursive: true, force: true });
}
