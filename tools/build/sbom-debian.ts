import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { UnpackedPackages } from './package-store.ts';
import type { SbomPart } from './sbom-part.ts';

/** Short names of licences in Debian's copyright files (https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/), and what SPDX calls them. */
const SPDX: { readonly [name: string]: string } = {
  'apache-2.0': 'Apache-2.0',
  'bsd-2-clause': 'BSD-2-Clause',
  'bsd-3-clause': 'BSD-3-Clause',
  'cc0-1.0': 'CC0-1.0',
  expat: 'MIT',
  'gpl-2': 'GPL-2.0-only',
  'gpl-2+': 'GPL-2.0-or-later',
  'gpl-2.0': 'GPL-2.0-only',
  'gpl-2.0-only': 'GPL-2.0-only',
  'gpl-2.0+': 'GPL-2.0-or-later',
  'gpl-3': 'GPL-3.0-only',
  'gpl-3+': 'GPL-3.0-or-later',
  isc: 'ISC',
  'lgpl-2': 'LGPL-2.0-only',
  'lgpl-2+': 'LGPL-2.0-or-later',
  'lgpl-2.1': 'LGPL-2.1-only',
  'lgpl-2.1+': 'LGPL-2.1-or-later',
  'lgpl-3+': 'LGPL-3.0-or-later',
  mit: 'MIT',
  'mpl-2.0': 'MPL-2.0',
  zlib: 'Zlib',
};

/** The Debian packages of a lock, each with the licences that its copyright file names. */
export async function debianParts(packages: UnpackedPackages): Promise<readonly SbomPart[]> {
  return Promise.all(
    [...packages.values()].map(async ({ locked, folder }) => {
      const { name, version, architecture, sha256 } = locked;
      const copyright = await readFile(join(folder, 'usr/share/doc', name, 'copyright'), 'utf8').catch(() => '');
      return {
        name,
        version,
        supplier: 'Organization: Debian',
        ...licensesIn(copyright),
        checksums: [{ algorithm: 'SHA256', value: sha256 }],
        purl: `pkg:deb/debian/${name}@${encodeURIComponent(version)}?arch=${architecture}`,
      };
    }),
  );
}

/** The licences in a copyright file: as one expression when SPDX knows every one, and by their names there; pure. */
export function licensesIn(copyright: string): Pick<SbomPart, 'license' | 'comment'> {
  const isReadable = /^Format: .*copyright-format/m.test(copyright);
  const found = isReadable ? [...copyright.matchAll(/^License: *(\S.*)$/gm)].map(([, text = '']) => text.trim()) : [];
  const names = [...new Set(found)].sort();
  if (names.length === 0) return { license: 'NOASSERTION', comment: undefined };
  const known = new Set(names.map((name) => SPDX[name.toLowerCase()]));
  const license = known.has(undefined) ? 'NOASSERTION' : [...known].sort().join(' AND ');
  return { license, comment: `debian/copyright names: ${names.join('; ')}` };
}
