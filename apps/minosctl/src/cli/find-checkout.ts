import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The checkout around a folder: the nearest one above with an nx.json; the folder itself when there is none. */
export function findCheckout(folder: string): string {
  for (let at = folder; ; at = dirname(at)) {
    if (existsSync(join(at, 'nx.json'))) return at;
    if (dirname(at) === at) return folder;
  }
}
