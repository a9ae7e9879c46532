import { execFile } from 'node:child_process';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';

const run = promisify(execFile);
const REPOSITORY = join(import.meta.dirname, '../../..');
const INIT = join(REPOSITORY, 'rootfs/init');
const HOLDER = join(REPOSITORY, 'tools/holder');
const GCC = ['-std=gnu17', '-D_GNU_SOURCE', '-Wall', '-Wextra', '-Werror'];
const FUZZ_ROUNDS = 30_000;

async function sources(directory: string): Promise<readonly string[]> {
  return (await readdir(directory)).filter((name) => /\.[ch]$/.test(name)).map((name) => join(directory, name));
}

test('init is one static program of at most 100 KB', async () => {
  await using out = await tempDir('init-size');
  await run('sh', [join(INIT, 'build.sh'), out.path]);
  expect((await stat(out.file('init'))).size).toBeLessThanOrEqual(100_000);
  expect((await readFile(out.file('init'))).includes('/ld-')).toBe(false);
}, 60_000);

test('init has at most 900 lines in all its files', async () => {
  const texts = await Promise.all((await sources(INIT)).map((path) => readFile(path, 'utf8')));
  expect(texts.join('').split('\n').length - 1).toBeLessThanOrEqual(900);
});

test.each([
  ['init', INIT],
  ['the holder', HOLDER],
])(
  'the analyzer of gcc finds nothing in %s',
  async (_name, directory) => {
    const files = (await sources(directory)).filter((path) => path.endsWith('.c'));
    for (const file of files) await run('gcc', [...GCC, '-O2', '-fanalyzer', '-c', '-o', '/dev/null', file]);
  },
  120_000,
);

test('frames that are right, nearly right or no frames at all do not harm init', async () => {
  await using out = await tempDir('init-fuzz');
  const parts = ['protocol.c', 'wire.c', 'table.c'].map((name) => join(INIT, name));
  const sanitizers = ['-g', '-O1', '-fsanitize=address,undefined', '-fno-sanitize-recover=all'];
  const program = join(import.meta.dirname, 'programs/fuzz.c');
  await run('gcc', [...GCC, ...sanitizers, `-I${INIT}`, '-o', out.file('fuzz'), program, ...parts]);
  for (const seed of ['1', '2', String(Date.now() % 1_000_000)]) {
    const { stdout } = await run(out.file('fuzz'), [seed, String(FUZZ_ROUNDS)], { timeout: 60_000 }).catch((e: unknown) => {
      throw new Error(`seed ${seed}`, { cause: e });
    });
    expect(stdout).toMatch(/^spawned \d+ powered \d+\n$/);
  }
}, 120_000);
