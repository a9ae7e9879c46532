// node tools/build/bundle.ts: writes dist/minos (what a node runs) and dist/minosctl.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { writeCliBundle } from './cli-bundle.ts';
import { writeNodePrograms } from './node-programs.ts';
import { replaceFolder } from './replace-folder.ts';

const root = join(import.meta.dirname, '../..');

function say(file: string, bytes: number): void {
  console.log(`dist/${file}  ${Math.round(bytes / 1024)} KiB`);
}

await Promise.all([
  replaceFolder(join(root, 'dist/minos'), async (outDir) => {
    const files = await writeNodePrograms(root, outDir);
    for (const file of files) say(`minos/${file}`, (await stat(join(outDir, file))).size);
  }),
  replaceFolder(join(root, 'dist/minosctl'), async (outDir) => say('minosctl/minosctl.js', await writeCliBundle(root, outDir))),
]);
