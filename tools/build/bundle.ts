// node tools/build/bundle.ts [--partial]: writes dist/minos (what a node runs) and dist/minosctl.
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, isFault } from '@minos/base';
import { writeCliBundle } from './cli-bundle.ts';
import { writeCodeCache } from './code-cache.ts';
import { writeNodeBundle } from './node-bundle.ts';
import { entryOf, isThere, PROGRAMS } from './programs.ts';

const root = join(import.meta.dirname, '../..');
/** While programs are being written: build what is there, and say what is not. */
const isPartial = process.argv.includes('--partial');

function kib(bytes: number): string {
  return `${Math.round(bytes / 1024)} KiB`;
}

async function present(programs: readonly string[]): Promise<string[]> {
  const found: string[] = [];
  for (const program of programs) {
    if (await isThere(entryOf(root, program))) found.push(program);
    else if (isPartial) console.log(`left out: ${program} has no src/main.ts yet`);
    else throw new Fault('missing', `${entryOf(root, program)} is missing: the bundle needs every program`);
  }
  return found;
}

async function bundleNode(): Promise<void> {
  const outDir = join(root, 'dist/minos');
  const programs = await present(PROGRAMS);
  await rm(outDir, { recursive: true, force: true });
  const { bytes, simulations } = await writeNodeBundle({ root, programs, outDir });
  console.log(`dist/minos/minos.bundle.js  ${kib(bytes)}  ${programs.join(' ')}`);
  for (const program of programs) {
    try {
      const simulation = simulations.find((s) => s.program === program);
      console.log(`dist/minos/${program}.cache  ${kib(await writeCodeCache({ root, outDir, program, simulation }))}`);
    } catch (e) {
      if (!isPartial) throw e;
      console.log(`no code cache for ${program}: ${isFault(e) ? e.message : String(e)}`);
      // V8 refuses it and compiles, so that an image can be built all the same.
      await writeFile(join(outDir, `${program}.cache`), '-');
    }
  }
}

async function bundleCli(): Promise<void> {
  if ((await present(['minosctl'])).length === 0) return;
  console.log(`dist/minosctl/minosctl.js  ${kib(await writeCliBundle(root, join(root, 'dist/minosctl')))}`);
}

await Promise.all([bundleNode(), bundleCli()]);
