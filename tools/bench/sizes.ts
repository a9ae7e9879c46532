import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BUDGET } from '../build/image-budget.ts';
import type { Figure, Measurement } from './measurement.ts';

const FILES: readonly (readonly [string, string, number?])[] = [
  ['image', 'dist/image/rootfs.sqsh', BUDGET.root / 1024],
  ['init', 'dist/init/init', 100],
  ['the one executable', 'dist/minos/sbin/machined'],
  ['bundle of machined', 'dist/minos/machined.js'],
  ['code cache of machined', 'dist/minos/machined.cache'],
  ['entry of minosctl', 'dist/minosctl/minosctl.js'],
];

/** How large what is built is. */
export const sizes: Measurement = {
  name: 'sizes',
  run: async ({ root }) => {
    const files = FILES.map(async ([name, file, atMost]) => {
      const value = Math.round((await stat(join(root, file))).size / 1024);
      return { name: `size: ${name}`, value, unit: 'KiB', ...(atMost === undefined ? {} : { atMost: Math.floor(atMost) }) };
    });
    return [...(await Promise.all(files)), ...(await partsOf(root))];
  },
};

/** What the largest parts of the image take in it, packed. */
async function partsOf(root: string): Promise<readonly Figure[]> {
  const { parts }: { parts: Record<string, number> } = JSON.parse(await readFile(join(root, 'dist/image/sizes.json'), 'utf8'));
  const rows = Object.entries(parts).filter(([, bytes]) => bytes > 100_000);
  return rows.map(([part, bytes]) => ({ name: `size in the image: ${part}`, value: Math.round(bytes / 1024), unit: 'KiB' }));
}
