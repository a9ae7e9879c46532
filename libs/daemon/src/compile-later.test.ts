import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { hasStarted } from './compile-later.ts';

const run = promisify(execFile);

test.each([
  ['ready, and busy', { sinceStartMs: 600, sinceReadyMs: 500, busyShare: 0.9 }, false],
  ['ready, and idle', { sinceStartMs: 500, sinceReadyMs: 0, busyShare: 0.1 }, true],
  ['ready, and busy since', { sinceStartMs: 2100, sinceReadyMs: 2000, busyShare: 1 }, true],
  ['waiting for something before it is ready', { sinceStartMs: 2100, sinceReadyMs: undefined, busyShare: 0 }, false],
  ['long about it', { sinceStartMs: 10_000, sinceReadyMs: undefined, busyShare: 1 }, true],
])('a program that is %s has started or not', (_what, seen, expected) => {
  expect(hasStarted(seen)).toBe(expected);
});

test('the compilers are off while a program starts, and on as before when it has', async () => {
  // V8 refuses a code cache that was made under other flags, which tells whether they are the same. It looks at the length of a source alone;
  // another text each time keeps it from taking what it has compiled before.
  const program = `
    import { Script } from 'node:vm';
    import { compileLater } from '${join(import.meta.dirname, 'compile-later.ts')}';
    let next = 1e6;
    const source = () => '(function () { return ' + next++ + '; })';
    const cachedData = new Script(source()).createCachedData();
    const isSame = () => !new Script(source(), { cachedData }).cachedDataRejected;
    const seen = [isSame()];
    compileLater(() => true);
    seen.push(isSame());
    while (!isSame()) await new Promise((resolve) => setTimeout(resolve, 20));
    console.log(JSON.stringify([...seen, isSame()]));`;
  const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', program], { timeout: 60_000 });
  expect(JSON.parse(stdout)).toEqual([true, false, true]);
}, 90_000);
