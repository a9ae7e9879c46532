import { type ChildProcess, spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { expect, test } from '@jest/globals';
import { eventually, tempDir } from '@minos/testkit';

const PROBE = join(import.meta.dirname, 'testing/probe.ts');

interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
  lines(): readonly Record<string, unknown>[];
}

interface Started {
  readonly child: ChildProcess;
  readonly ended: Promise<Ended>;
}

function start(args: readonly string[], env: Record<string, string> = {}, command = ''): Started {
  const inner = [process.execPath, PROBE, ...args];
  const argv = command === '' ? inner : ['/bin/sh', '-c', command, 'sh', ...inner];
  const child = spawn(argv[0] ?? '', argv.slice(1), {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  return { child, ended: ending(child) };
}

async function ending(child: ChildProcess): Promise<Ended> {
  const code = new Promise<number | null>((resolve) => child.once('close', resolve));
  const [stdout, stderr] = await Promise.all([child.stdout ? text(child.stdout) : '', child.stderr ? text(child.stderr) : '']);
  return { code: await code, stdout, stderr, lines: () => stdout.split('\n').filter(Boolean).map(parseLine) };
}

function parseLine(line: string): Record<string, unknown> {
  return JSON.parse(line);
}

test.each([
  ['a mode that prints and ends', 'print', 0],
  ['a configuration that is wrong at the start', 'refuse', 100],
  ['a world that fails', 'fail', 111],
  ['a precondition that fails once it serves', 'late-refuse', 111],
  ['an end that nobody asked for', 'end', 111],
  ['a rejection that nobody handles', 'throw', 111],
])('%s has its exit code', async (_name, act, code) => {
  const ended = await start(['--act', act]).ended;
  expect({ code: ended.code, stderr: ended.stderr }).toEqual({ code, stderr: '' });
  expect(ended.lines().length).toBeGreaterThan(1);
});

test('SIGTERM ends a serving daemon with 0, and it says ready on its ready fd once', async () => {
  await using dir = await tempDir('daemon');
  const { child, ended } = start([], { READY_FD: '5', PROBE_WORD: 'yes' }, `exec "$@" 5>${dir.file('ready')}`);
  await eventually(async () => expect(await readFile(dir.file('ready'), 'utf8')).toBe('ready\n'), { withinMs: 10_000 });
  child.kill('SIGTERM');
  const { code, lines: read } = await ended;
  const lines = read();
  expect(code).toBe(0);
  expect(lines.map((line) => line['msg'])).toEqual(['started', 'ready', 'stopping', 'stopped']);
  expect(lines[0]).toMatchObject({ level: 'info', service: 'probe', word: 'yes', secret: '[redacted]', pid: expect.any(Number) });
});

test('every problem of a command line is told at once, with exit code 100', async () => {
  const ended = await start(['--bogus', '--lines', 'many', 'word', '--log-level', 'loud'], { READY_FD: 'x' }).ended;
  expect(ended.code).toBe(100);
  expect(ended.stdout).toBe('');
  expect(ended.stderr).toContain('--bogus: expected a known option (see --help)');
  expect(ended.stderr).toContain('--lines: expected a whole number, found "many"');
  expect(ended.stderr).toContain('word: expected no arguments besides options');
});

test('a slash at the end of the run directory is no part of it', async () => {
  const ended = await start(['--act', 'print', '--run-dir', '/tmp/x/']).ended;
  expect(ended.code).toBe(0);
  expect(ended.lines()[0]).toMatchObject({ runDir: '/tmp/x' });
});

test('--help prints the options with their defaults and ends', async () => {
  const ended = await start(['--help']).ended;
  expect(ended.code).toBe(0);
  expect(ended.stdout).toContain('--lines <number>');
  expect(ended.stdout).toContain('PROBE_WORD');
});

test('a reader that does not read cannot hold the daemon up: lines are lost, counted and told once it reads', async () => {
  const slow = spawn(
    '/bin/sh',
    [
      '-c',
      '"$@" | (sleep 3; exec cat)',
      'sh',
      'timeout',
      '-s',
      'TERM',
      '6',
      process.execPath,
      PROBE,
      '--lines',
      '2000',
      '--log-level',
      'debug',
    ],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  const lines = (await text(slow.stdout)).split('\n').filter(Boolean).map(parseLine);
  const lost = lines.filter((line) => line['msg'] === 'log lines lost').map((line) => Number(line['lost']));
  const kept = lines.filter((line) => line['msg'] === 'line').length;
  expect(lost.length).toBeGreaterThan(0);
  expect(kept).toBeLessThan(2000);
  expect(lines.at(-1)).toMatchObject({ msg: 'stopped' });
}, 20_000);
