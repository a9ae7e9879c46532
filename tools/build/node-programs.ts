import { copyFile, mkdir, symlink, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeCodeCache } from './code-cache.ts';
import { writeExecutable } from './executable.ts';
import { NATIVE_ADDONS } from './native-plugin.ts';
import { writeNodeBundle } from './node-bundle.ts';
import { PROGRAMS } from './programs.ts';

/** Where the executable and its add-ons are below dist/minos, as below the root of a node. */
const EXECUTABLE = 'sbin/machined';
const ADDONS = 'usr/lib/minos';

/** Writes into a folder the executable of all programs, its add-ons, and what they were made from; returns the files worth telling. */
export async function writeNodePrograms(root: string, outDir: string): Promise<readonly string[]> {
  const addons = join(outDir, ADDONS);
  await mkdir(join(outDir, dirname(EXECUTABLE)), { recursive: true });
  await mkdir(addons, { recursive: true });
  for (const { file, source } of NATIVE_ADDONS) await copyFile(join(root, source), join(addons, file));
  const files: string[] = [];
  for (const { app: program, warm } of PROGRAMS) {
    const { simulation } = await writeNodeBundle({ root, program, outDir });
    files.push(`${program}.js`);
    if (warm === undefined) continue;
    await writeCodeCache({ root, outDir, addons, program, args: warm, simulation });
    files.push(`${program}.cache`);
  }
  await writeFile(join(outDir, 'programs.json'), JSON.stringify(programsTable()));
  await writeExecutable({
    root,
    main: join(import.meta.dirname, 'loader.cjs'),
    assets: Object.fromEntries([...files, 'programs.json'].map((file) => [file, join(outDir, file)])),
    file: join(outDir, EXECUTABLE),
  });
  // In the image these are hard links; here they would be as many copies for whatever copies the folder.
  const others = PROGRAMS.flatMap(({ names }) => names).filter((name) => name !== basename(EXECUTABLE));
  for (const name of others) await symlink(basename(EXECUTABLE), join(outDir, dirname(EXECUTABLE), name));
  return [...files, EXECUTABLE];
}

/** What the loader asks: which bundle a name means, and which bundles have a code cache. */
function programsTable(): object {
  const rows = PROGRAMS.flatMap(({ app, names }) => names.map((name) => [name, app] as const));
  return { programs: Object.fromEntries(rows), caches: PROGRAMS.filter(({ warm }) => warm !== undefined).map(({ app }) => app) };
}
