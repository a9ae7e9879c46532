import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { commandProblems, minosctlWords } from './docs-commands.ts';
import { pathIn, pathProblems } from './docs-paths.ts';
import { simulationArguments, simulationProblem, withRunDir } from './docs-run.ts';
import { readMarkdown } from './markdown.ts';

const PAGE = [
  'See [the tour](docs/tour.md), `apps/apid/src/main.ts`, `--flag` and `apps/<daemon>/README.md`.',
  '',
  '```console',
  '$ npm run up -- --workers 5',
  'not a command',
  '```',
  '```sh',
  'npx node apps/nobody/src/main.ts --simulate x.yaml \\',
  '  --run-dir /tmp/x   # a comment',
  'npx nx run-many -t bake && npm test',
  '```',
].join('\n');

async function checkout(): Promise<AsyncDisposable & { readonly path: string }> {
  const dir = await tempDir('docs');
  await chmod(dir.path, 0o755);
  for (const folder of ['apps/apid/src', 'node_modules/.bin']) await mkdir(join(dir.path, folder), { recursive: true });
  for (const file of ['apps/apid/src/main.ts', 'node_modules/.bin/nx', 'node_modules/.bin/node'])
    await writeFile(join(dir.path, file), '');
  return dir;
}

test('a page is read into links, code and commands, each with its line', () => {
  const { links, spans, commands } = readMarkdown(PAGE);
  expect(links).toEqual([{ text: 'docs/tour.md', line: 1 }]);
  expect(spans.map((s) => s.text)).toEqual(['apps/apid/src/main.ts', '--flag', 'apps/<daemon>/README.md']);
  expect(commands).toEqual([
    { text: 'npm run up -- --workers 5', line: 4 },
    { text: 'npx node apps/nobody/src/main.ts --simulate x.yaml  --run-dir /tmp/x', line: 9 },
    { text: 'npx nx run-many -t bake', line: 10 },
    { text: 'npm test', line: 10 },
  ]);
});

describe('planted mistakes in a page', () => {
  test('a path and a link that lead nowhere are found', async () => {
    await using dir = await checkout();
    const problems = await pathProblems(dir.path, 'README.md', readMarkdown(PAGE));
    expect(problems).toEqual([
      'README.md:1: docs/tour.md does not exist; mend the page or the path',
      'README.md:1: apps/*/README.md does not exist; mend the page or the path',
    ]);
  });

  test('a script, a target and a program that do not exist are found', async () => {
    await using dir = await checkout();
    const places = { checkout: dir.path, scripts: new Set(['test']), targets: new Set(['check']) };
    const problems = await commandProblems('README.md', readMarkdown(PAGE).commands, places);
    expect(problems).toEqual([
      'README.md:4: `npm run up -- --workers 5` cannot work: package.json has no script up',
      expect.stringContaining('cannot work: apps/nobody/src/main.ts does not exist'),
      'README.md:10: `npx nx run-many -t bake` cannot work: no project has the target bake',
    ]);
  });

  test('a daemon that ends before it is ready is found', async () => {
    await using dir = await checkout();
    await writeFile(join(dir.path, 'main.mjs'), 'process.exit(3);');
    expect(await simulationProblem(dir.path, ['main.mjs'])).toMatch(/ended with 3 before it was ready/);
  });
});

test('a daemon that says that it is ready is fine', async () => {
  await using dir = await checkout();
  await writeFile(
    join(dir.path, 'main.mjs'),
    "import { writeSync } from 'node:fs'; writeSync(3, 'ready\\n'); setInterval(() => {}, 1e6);",
  );
  expect(await simulationProblem(dir.path, ['main.mjs'])).toBeUndefined();
});

test('only paths of the checkout are taken for paths', () => {
  expect(pathIn('libs/<lib>/src/')).toBe('libs/*/src');
  expect(pathIn('/etc/hosts')).toBeUndefined();
  expect(pathIn('application/json')).toBeUndefined();
  expect(pathIn('src/main.ts')).toBe('src/main.ts');
});

test('the command that runs a daemon alone is recognised, and gets a run directory of its own', () => {
  const args = simulationArguments('npx node apps/apid/src/main.ts --simulate f.yaml --run-dir /tmp/a');
  expect(withRunDir(args ?? [], '/r')).toEqual(['apps/apid/src/main.ts', '--simulate', 'f.yaml', '--run-dir', '/r']);
  expect(simulationArguments('npx node apps/apid/src/main.ts --help')).toBeUndefined();
});

test('the words of a minosctl command are those before its first flag or argument', () => {
  expect(minosctlWords('npx minosctl gen config mine https://10.5.0.2:6443')).toEqual(['gen', 'config', 'mine']);
  expect(minosctlWords('npx minosctl -n 10.5.0.2,10.5.0.3 version')).toEqual(['version']);
  expect(minosctlWords('npm test')).toBeUndefined();
});
