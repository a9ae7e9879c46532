import { describe, expect, test } from '@jest/globals';
import { parseImageManifest } from './image-manifest.ts';

const usr = { path: '/usr', source: 'directory', mode: '0755', owner: '0:0' };
const file = { path: '/usr/a', source: 'tree:usr/a', mode: '0644', owner: '50:51' };

test('an entry has a path, a source, a mode and an owner', () => {
  expect(parseImageManifest({ entries: [usr, { ...file, strip: true }] })).toEqual({
    ok: true,
    value: [
      { path: '/usr', source: { kind: 'directory' }, mode: '0755', uid: 0, gid: 0, strip: false },
      { path: '/usr/a', source: { kind: 'tree', from: 'usr/a' }, mode: '0644', uid: 50, gid: 51, strip: true },
    ],
  });
});

test('an entry with several files is one entry of each, below its path and its source; links of it have one target', () => {
  const links = { ...usr, path: '/usr', source: 'link:all', mode: '0777', files: ['c'] };
  const result = parseImageManifest({
    entries: [usr, { ...file, path: '/usr', source: 'package:x/usr', files: ['a', 'b'] }, links],
  });
  expect(result.ok ? result.value.map((e) => [e.path, e.source]) : result.problems).toEqual([
    ['/usr', { kind: 'directory' }],
    ['/usr/a', { kind: 'package', from: 'x/usr/a' }],
    ['/usr/b', { kind: 'package', from: 'x/usr/b' }],
    ['/usr/c', { kind: 'link', target: 'all' }],
  ]);
});

describe('is refused, with its place:', () => {
  const refused: readonly (readonly [string, unknown, string])[] = [
    ['a list alone', [usr], ''],
    ['an entry without a mode', { entries: [usr, { ...file, mode: undefined }] }, 'entries[1].mode'],
    ['a mode as a number', { entries: [{ ...usr, mode: 755 }] }, 'entries[0].mode'],
    ['a source of no known kind', { entries: [{ ...usr, source: 'http:x' }] }, 'entries[0].source'],
    ['a source that climbs out', { entries: [usr, { ...file, source: 'tree:../../etc/shadow' }] }, 'entries[1].source'],
    ['an unknown key', { entries: [{ ...usr, size: 1 }] }, 'entries[0].size'],
    ['a path named twice', { entries: [usr, usr] }, '/usr'],
    ['another name of a file that is not there', { entries: [usr, { ...file, source: 'hardlink:/usr/b' }] }, '/usr/a'],
    ['files that are no names', { entries: [usr, { ...file, files: ['../a'] }] }, 'entries[1].files'],
    ['a path whose directory is not named', { entries: [file] }, '/usr/a'],
  ];
  test.each(refused)('%s', (_what, value, path) => {
    const result = parseImageManifest(value);
    expect(result.ok ? [] : result.problems.map((p) => p.path)).toContain(path);
  });
});
