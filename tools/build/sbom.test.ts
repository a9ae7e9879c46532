import { describe, expect, test } from '@jest/globals';
import { licensesIn } from './sbom-debian.ts';
import { packageFolder } from './sbom-npm.ts';

const COPYRIGHT = 'Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/\n';

describe('the licences of a Debian package', () => {
  test('are one expression when SPDX knows them all', () => {
    const text = `${COPYRIGHT}\nFiles: *\nLicense: LGPL-2.1+\n some text\n\nFiles: b\nLicense: Expat\n\nLicense: Expat\n`;
    expect(licensesIn(text)).toEqual({
      license: 'LGPL-2.1-or-later AND MIT',
      comment: 'debian/copyright names: Expat; LGPL-2.1+',
    });
  });

  test('are told by their names when SPDX does not know one, and not at all without such a file', () => {
    expect(licensesIn(`${COPYRIGHT}License: odd\n`)).toEqual({ license: 'NOASSERTION', comment: 'debian/copyright names: odd' });
    expect(licensesIn('This is free software.\nLicense: x\n')).toEqual({ license: 'NOASSERTION', comment: undefined });
  });
});

test('a file of a bundle belongs to the innermost package', () => {
  expect(packageFolder('node_modules/@a/b/node_modules/c/index.js')).toBe('node_modules/@a/b/node_modules/c');
  expect(packageFolder('node_modules/@a/b/index.js')).toBe('node_modules/@a/b');
  expect(packageFolder('apps/apid/src/main.ts')).toBeUndefined();
});
