import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { expect, test } from '@jest/globals';
import { hasEnded, parseTempDirName, sweepDeadRuns } from './dead-runs.ts';
import { tempDir } from './temp-dir.ts';

/** A pid that was somebody's a moment ago. */
async function endedPid(): Promise<number> {
  const child = spawn('true');
  await once(child, 'exit');
  return child.pid ?? 0;
}

test('a directory of a test is known by its name, and others are not', async () => {
  await using dir = await tempDir('some-purpose');
  expect(parseTempDirName(basename(dir.path))).toEqual({ purpose: 'some-purpose', pid: process.pid });
  for (const name of ['minos-test-x', 'minos-test-x-12', 'tmp-minos-test-x-12-abcdef', 'minos-test-x-y-abcdef'])
    expect(parseTempDirName(name)).toBeUndefined();
});

test('a pid that somebody else has now does not keep a directory', async () => {
  const nowMs = Date.now();
  expect(await hasEnded(process.pid, nowMs)).toBe(false);
  expect(await hasEnded(process.pid, nowMs - 30 * 24 * 3_600_000)).toBe(true);
  expect(await hasEnded(await endedPid(), nowMs)).toBe(true);
});

test('what a killed run left is taken down and removed; what lives is left alone', async () => {
  await using mine = await tempDir('living');
  const pid = await endedPid();
  const left = await mkdtemp(join(tmpdir(), `minos-test-killed-${pid}-`));
  await writeFile(join(left, 'file'), 'text');
  const ended: string[] = [];
  const gone = await sweepDeadRuns(async (dir) => {
    if (dir.pid !== pid) throw new Error('not of this test');
    ended.push(`${dir.purpose} ${dir.path}`);
  });
  expect(ended).toEqual([`killed ${left}`]);
  expect(gone).toEqual([left]);
  const names = await readdir(tmpdir());
  expect(names).not.toContain(basename(left));
  expect(names).toContain(basename(mine.path));
});
