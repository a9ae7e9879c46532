import { expect, test } from '@jest/globals';
import { libraryProblems } from './image-libraries.ts';

const LIB = '/lib/x86_64-linux-gnu';

test('what fits is no problem; a plug-in is needed by nobody and may need libraries', () => {
  const files = new Map([
    ['/sbin/a', ['liba.so.1', 'ld.so']],
    [`${LIB}/liba.so.1`, ['libb.so']],
    [`${LIB}/libb.so`, []],
    ['/lib64/ld.so', []],
    ['/usr/lib/x86_64-linux-gnu/xtables/plugin.so', ['libb.so']],
  ]);
  expect(libraryProblems(files)).toEqual([]);
});

test('a library that is missing is named with who needs it, and one that nobody needs by itself', () => {
  const files = new Map([
    ['/sbin/a', ['liba.so.1']],
    [`${LIB}/libb.so`, []],
  ]);
  expect(libraryProblems(files)).toEqual([
    '/sbin/a needs liba.so.1, which is not there',
    `${LIB}/libb.so is there, and nothing needs it`,
  ]);
});
