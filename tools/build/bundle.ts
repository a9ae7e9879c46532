// node tools/build/bundle.ts: writes dist/minos (what a node runs) and dist/minosctl.
import { join } from 'node:path';
import { writeCliBundle } from './cli-bundle.ts';
import { writeCodeCache } from './code-cache.ts';
import { writeNodeBundle } from './node-bundle.ts';
import { PROGRAMS } from './programs.ts';
import { replaceFolder } from './replace-folder.ts';

const root = join(import.meta.dirname, '../..');

function say(file: string, bytes: number): void {
  console.log(`dist/${file}  ${Math.round(bytes / 1024)} KiB`);
}

await Promise.all([
  replaceFolder(join(root, 'dist/minos'), async (outDir) => {
    const { bytes, simulations } = await writeNodeBundle({ root, programs: PROGRAMS, outDir });
    say('minos/minos.bundle.js', bytes);
    for (const program of PROGRAMS) {
      const simulation = simulations.find((s) => s.program === program);
      say(`minos/${program}.cache`, await writeCodeCache({ root, outDir, program, simulation }));
    }
  }),
  replaceFolder(join(root, 'dist/minosctl'), async (outDir) => say('minosctl/minosctl.js', await writeCliBundle(root, outDir))),
]);
