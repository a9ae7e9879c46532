import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Measurement } from './measurement.ts';

const FILES: readonly (readonly [string, string, number?])[] = [
  ['image', 'dist/image/rootfs.sqsh'],
  ['init', 'dist/init/init', 100],
  ['the one executable', 'dist/minos/sbin/machined'],
  ['bundle of machined', 'dist/minos/machined.js'],
  ['code cache of machined', 'dist/minos/machined.cache'],
  ['entry of minosctl', 'dist/minosctl/minosctl.js'],
];

/** How large what is built is. */
export const sizes: Measurement = {
  name: 'sizes',
  run: async ({ root }) =>
    Promise.all(
      FILES.map(async ([name, file, atMost]) => {
        const value = Math.round((await stat(join(root, file))).size / 1024);
        return { name: `size: ${name}`, value, unit: 'KiB', ...(atMost === undefined ? {} : { atMost }) };
      }),
    ),
};
