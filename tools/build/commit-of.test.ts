import { mkdir, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { commitOf, releaseDefines } from './commit-of.ts';
import { run } from './run-command.ts';

test('a commit is named shortly with its own time, and told to be dirty when a tracked file differs', async () => {
  await using dir = await tempDir('commit');
  const root = dir.file('checkout');
  await mkdir(root);
  const git = (...args: string[]): Promise<string> =>
    run('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', '-c', 'core.hooksPath=/dev/null', ...args], root);
  await git('init', '--quiet');
  await writeFile(dir.file('checkout/a'), '1');
  await git('add', 'a');
  await git('commit', '--quiet', '--no-verify', '-m', 'first', '--date', '2026-01-02T03:04:05Z');
  const clean = await commitOf(root);
  expect(clean.name).toMatch(/^[0-9a-f]{10}$/);
  expect(clean.time).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
  await writeFile(dir.file('checkout/untracked'), '');
  expect(await commitOf(root)).toEqual(clean);
  await writeFile(dir.file('checkout/a'), '2');
  expect(await commitOf(root)).toEqual({ ...clean, name: `${clean.name}-dirty` });
});

test('without git the commit is unknown', async () => {
  await using dir = await tempDir('commit');
  expect(releaseDefines(await commitOf(dir.path))).toEqual({ MINOS_COMMIT: '"unknown"', MINOS_COMMITTED: '"unknown"' });
});
