import { expect, test } from '@jest/globals';
import { parseYamlDocument } from '@minos/config';
import { type LockedPackage, lockChanges, parsePackagesLock, printPackagesLock } from './packages-lock.ts';

const RUNC: LockedPackage = { name: 'runc', version: '1.1.5+ds1-1+deb12u1', architecture: 'amd64', sha256: '0'.repeat(64) };
const KERNEL: LockedPackage = {
  name: 'linux-image-6.1.0-1',
  version: '2:6.1~1',
  architecture: 'amd64',
  sha256: '12e4'.repeat(16),
  follows: 'linux-image',
};

function read(text: string, part?: 'names') {
  const document = parseYamlDocument(text);
  return document.ok ? parsePackagesLock(document.value, part) : document;
}

test('a lock is read back as it was printed, in the order of the names', () => {
  expect(read(printPackagesLock([RUNC, KERNEL]))).toEqual({ ok: true, value: [KERNEL, RUNC] });
});

test('every field has a form, and a name comes once', () => {
  const twice = read(printPackagesLock([RUNC, { ...RUNC, sha256: 'x' }]));
  expect(twice.ok ? [] : twice.problems.map((p) => p.path)).toEqual(['packages[1].sha256', 'runc']);
  expect(read('packages: []').ok).toBe(false);
});

test('a name alone is enough for a lock that is to be moved, and not for a build', () => {
  expect(read('packages: [{ name: runc }]', 'names')).toEqual({
    ok: true,
    value: [{ name: 'runc', version: '', architecture: '', sha256: '' }],
  });
  expect(read('packages: [{ name: runc }]').ok).toBe(false);
});

test('what changed is said with its versions, and a kernel with its names', () => {
  const next = { ...KERNEL, name: 'linux-image-6.1.0-2', version: '2:6.1~2', sha256: '1'.repeat(64) };
  const changes = lockChanges([RUNC, KERNEL], [RUNC, next, { ...RUNC, name: 'kmod', version: '30' }]);
  expect(changes).toEqual(['linux-image-6.1.0-1 2:6.1~1 → linux-image-6.1.0-2 2:6.1~2', 'kmod: nothing → 30']);
});
