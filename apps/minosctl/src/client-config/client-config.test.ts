import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { type ClientContext, emitClientConfig } from '@minos/config';
import { tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { testTerminal } from '../testing/test-terminal.ts';
import { putContext, removeContext } from './edit-config.ts';
import { findConfig } from './find-config.ts';

const context = (endpoint: string): ClientContext => ({
  endpoints: [endpoint],
  nodes: [endpoint],
  caPem: undefined,
  certPem: undefined,
  keyPem: undefined,
  others: {},
});
const text = (...names: string[]): string =>
  emitClientConfig({ context: names[0] ?? '', contexts: new Map(names.map((name) => [name, context(`${name}.example`)])) });

test('the configuration is the one that is named, else that of the variable, of the folder, of the person', async () => {
  await using dir = await tempDir('config');
  const [cwd, home] = [dir.file('cwd'), dir.file('home')];
  const terminal = testTerminal(dir.path, { cwd, home });
  expect(await findConfig(terminal, undefined)).toEqual({ path: `${home}/.minos/config`, exists: false });
  for (const place of [home, cwd]) {
    await mkdir(`${place}/.minos`, { recursive: true });
    await writeFile(`${place}/.minos/config`, '');
    expect(await findConfig(terminal, undefined)).toEqual({ path: `${place}/.minos/config`, exists: true });
  }
  const withVariable = testTerminal(dir.path, { cwd, home, env: { MINOSCONFIG: 'other' } });
  expect(await findConfig(withVariable, undefined)).toEqual({ path: `${cwd}/other`, exists: false });
  expect(await findConfig(withVariable, '/named')).toEqual({ path: '/named', exists: false });
  expect(await findConfig(testTerminal(dir.path, { cwd, home, env: { MINOSCONFIG: '' } }), undefined)).toMatchObject({
    exists: true,
  });
});

test('what is wrong with a configuration is said with its file and what to do', async () => {
  await using dir = await tempDir('config');
  const run = async (...args: string[]): Promise<string> => {
    const terminal = testTerminal(dir.path);
    expect(await runCli(COMMAND_TABLE, args, terminal)).toBe(1);
    return terminal.stderr();
  };
  expect(await run('version')).toContain('start a cluster (minosctl cluster up)');
  await writeFile(dir.file('config'), text('lab'));
  expect(await run('--minosconfig', 'config', '--context', 'nope', 'version')).toContain('there is no context "nope"');
  expect(await run('--minosconfig', 'config', 'version')).toContain('lacks ca, crt or key');
  await writeFile(dir.file('config'), 'contexts: 7');
  expect(await run('--minosconfig', 'config', 'version')).toContain('contexts: expected a mapping');
});

test('contexts are listed, chosen, changed and merged, and the file is for its owner only', async () => {
  await using dir = await tempDir('config');
  const run = async (...args: string[]): Promise<string> => {
    const terminal = testTerminal(dir.path);
    const code = await runCli(COMMAND_TABLE, ['--minosconfig', 'config', ...args], terminal);
    expect([terminal.stderr(), code]).toEqual(['', 0]);
    return terminal.stdout();
  };
  await writeFile(dir.file('config'), text('lab', 'home'));
  await writeFile(dir.file('more'), text('lab'));
  expect(await run('config', 'contexts')).toMatch(/^\* +lab +lab\.example +lab\.example$/m);
  await run('config', 'context', 'home');
  await run('config', 'endpoints', '10.9.0.2', '10.9.0.3:50000');
  await run('config', 'nodes', '10.9.0.2,10.9.0.3');
  expect(await run('config', 'contexts')).toMatch(/^\* +home +10\.9\.0\.2,10\.9\.0\.3:50000 +10\.9\.0\.2,10\.9\.0\.3$/m);
  expect(await run('config', 'merge', 'more')).toContain('"lab-1" is in use');
  expect(await run('config', 'contexts', '-o', 'json')).toContain('"lab-1"');
  expect((await stat(dir.file('config'))).mode & 0o777).toBe(0o600);
});

test('a cluster puts its context beside others and takes only its own away', async () => {
  await using dir = await tempDir('config');
  const file = dir.file('deep/config');
  await putContext(file, 'minos', context('10.9.0.2'));
  await putContext(file, 'other', context('10.9.1.2'));
  await removeContext(file, 'other');
  expect(await readFile(file, 'utf8')).toMatch(/^context: minos\n/);
  await removeContext(file, 'minos');
  await expect(stat(file)).rejects.toMatchObject({ code: 'ENOENT' });
  await removeContext(file, 'minos');
});
