import { expect, test } from '@jest/globals';
import { auditProblems, parseListing, programsOf } from './image-audit.ts';
import type { ContentRow } from './image-contents.ts';

const LISTING = `drwxr-xr-x 0/0                  189 1970-01-01 00:00 squashfs-root
drwxr-xr-x 0/0                   76 1970-01-01 00:00 squashfs-root/bin
-rwxr-xr-x 0/0                   10 1970-01-01 00:00 squashfs-root/bin/a
lrwxrwxrwx 0/0                    1 1970-01-01 00:00 squashfs-root/bin/b -> a
drwxrwxrwt 0/0                    3 1970-01-01 00:00 squashfs-root/tmp
`;

const COMMON = { owner: '0:0', origin: 'x' };
const WANTED: readonly ContentRow[] = [
  { ...COMMON, path: '/bin', type: 'directory', mode: '0755' },
  { ...COMMON, path: '/bin/a', type: 'file', mode: '0755', size: 10, sha256: 'aa' },
  { ...COMMON, path: '/bin/b', type: 'link', mode: '0777', target: 'a' },
  { ...COMMON, path: '/tmp', type: 'directory', mode: '1777' },
];

function problems(listing: string, wanted = WANTED, scripts: readonly string[] = []): readonly string[] {
  return auditProblems(parseListing(listing), wanted, scripts);
}

test('an image that is as it is to be has no problem', () => {
  expect(problems(LISTING)).toEqual([]);
});

test.each([
  ['a set-uid file', '-rwxr-xr-x', '-rwsr-xr-x', '/bin/a has the set-uid or set-gid bit'],
  ['a set-gid file', '-rwxr-xr-x', '-rwxr-sr-x', '/bin/a has the set-uid or set-gid bit'],
  ['a file that anybody may write', '-rwxr-xr-x', '-rwxr-xrwx', '/bin/a may be written by others'],
  [
    'a folder that the group may write',
    'drwxr-xr-x 0/0                   76',
    'drwxrwxr-x 0/0                   76',
    '/bin may be written',
  ],
  ['a device', '-rwxr-xr-x', 'crwxr-xr-x', '/bin/a is neither'],
  ['another owner', '-rwxr-xr-x 0/0', '-rwxr-xr-x 5/0', '/bin/a is not as it is to be'],
  ['another size', '                  10 ', '                  11 ', '/bin/a is not as it is to be'],
  ['a link elsewhere', 'b -> a', 'b -> c', '/bin/b is not as it is to be'],
  ['what nobody named', 'squashfs-root/tmp', 'squashfs-root/temp', '/temp is in the image, and nothing names it'],
])('%s is found in the image itself', (_what, from, to, message) => {
  expect(problems(LISTING.replace(from, to)).join('\n')).toContain(message);
});

test('a script and an interpreter are found', () => {
  const shell = { ...WANTED[1], path: '/bin/bash', sha256: 'bb' } as ContentRow;
  const listing = `${LISTING}-rwxr-xr-x 0/0                   10 1970-01-01 00:00 squashfs-root/bin/bash\n`;
  expect(problems(listing, [...WANTED, shell], ['/bin/a'])).toEqual(['/bin/bash is an interpreter', '/bin/a is a script']);
});

test('programs count by their content, and more than twelve are too many', () => {
  const program = (name: string, sha256: string): ContentRow => ({
    ...COMMON,
    path: name,
    type: 'file',
    mode: '0755',
    size: 1,
    sha256,
  });
  const twelve = Array.from({ length: 12 }, (_, i) => program(`/sbin/p${i}`, String(i)));
  const rows = [...twelve, program('/bin/again', '3'), program('/lib/udev/helper', 'other')];
  expect(programsOf(rows).length).toBe(12);
  const listing = (all: readonly ContentRow[]): string =>
    all.map((r) => `-rwxr-xr-x 0/0 1 1970-01-01 00:00 squashfs-root${r.path}\n`).join('');
  expect(problems(listing(rows), rows)).toEqual([]);
  const more = [...rows, program('/usr/bin/one-more', 'x')];
  expect(problems(listing(more), more).join()).toContain('13 programs, and 12 are allowed');
});
