import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { eventually, tempDir } from '@minos/testkit';
import { runLimited } from './limited-command.ts';

const GRANDCHILD = `
  const child = require('node:child_process').spawn(process.execPath, ['-e', 'setInterval(() => {}, 1e6)'], { stdio: 'ignore' });
  require('node:fs').writeFileSync(process.argv[1], String(child.pid));`;

test('a command that ends in time says how', async () => {
  const output: string[] = [];
  const args = ['-e', 'console.log("hello"); process.exitCode = 3'];
  const end = await runLimited({ args, cwd: '/', limitMs: 20_000, onOutput: (text) => output.push(text) });
  expect(end).toEqual({ code: 3, isLate: false });
  expect(output.join('')).toBe('hello\n');
});

test('a command that hangs is ended at its limit', async () => {
  const end = await runLimited({ args: ['-e', 'setInterval(() => {}, 1e6)'], cwd: '/', limitMs: 300 });
  expect(end).toMatchObject({ isLate: true });
});

test('what a command leaves running is ended with it', async () => {
  await using dir = await tempDir('limited');
  await runLimited({ args: ['-e', `${GRANDCHILD} process.exit(0);`, dir.file('pid')], cwd: '/', limitMs: 20_000 });
  const pid = await readFile(dir.file('pid'), 'utf8');
  await eventually(
    async () => {
      const isRunning =
        existsSync(`/proc/${pid}`) && !/\) Z /.test(await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ') Z '));
      expect(isRunning).toBe(false);
    },
    { withinMs: 5000 },
  );
});
