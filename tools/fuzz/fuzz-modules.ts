import { glob } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** Every module `<name>.fuzz.ts` of the tree: its name, and its URL. */
export async function fuzzModules(root: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const path of glob('{apps,libs}/*/src/**/*.fuzz.ts', { cwd: root })) {
    found.set(basename(path, '.fuzz.ts'), pathToFileURL(join(root, path)).href);
  }
  return new Map([...found].sort(([a], [b]) => (a < b ? -1 : 1)));
}
