// node tools/build/bundle.ts: writes dist/minos (what a node runs) and dist/minosctl; with --programs <folder> only the former, into that folder.
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { writeCliBundle } from './cli-bundle.ts';
import { writeNodePrograms } from './node-programs.ts';
import { replaceFolder } from './replace-folder.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { programs: { type: 'string' } } });

function say(file: string, bytes: number): void {
  console.log(`dist/${file}  ${Math.round(bytes / 1024)} KiB`);
}

if (values.programs !== undefined) {
  await writeNodePrograms(root, values.programs);
} else {
  await Promise.all([
    replaceFolder(join(root, 'dist/minos'), async (outDir) => {
      const files = await writeNodePrograms(root, outDir);
      for (const file of files) say(`minos/${file}`, (await stat(join(outDir, file))).size);
    }),
    replaceFolder(join(root, 'dist/minosctl'), async (outDir) => say('minosctl/minosctl.js', await writeCliBundle(root, outDir))),
  ]);
}
