// node tools/build/image.ts [--level N]: writes dist/image/rootfs.sqsh from rootfs/image.yaml, and beside it manifest.json, sizes.json and sbom.spdx.json.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFault } from '@minos/base';
import { buildImage } from './build-image.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { level: { type: 'string', default: '19' } } });
const started = performance.now();
try {
  const { report, programs, entries } = await buildImage({
    root,
    outDir: join(root, 'dist/image'),
    level: Number(values.level),
    say: (line) => console.log(line),
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  const what = `${entries} entries, ${programs.length} programs, ${report.freshBlocks} blocks packed in ${seconds} s`;
  console.log(`dist/image/rootfs.sqsh  ${(report.bytes / 1e6).toFixed(2)} MB  ${what}`);
} catch (e) {
  if (!isFault(e)) throw e;
  console.error(e.message);
  process.exitCode = 1;
}
