import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { testTerminal } from '../testing/test-terminal.ts';

test('patches go to both configurations or to one of them, and the schema is JSON', async () => {
  await using dir = await tempDir('gen');
  const run = async (...args: readonly string[]) => {
    const terminal = testTerminal(dir.path);
    return { code: await runCli(COMMAND_TABLE, args, terminal), stdout: terminal.stdout(), stderr: terminal.stderr() };
  };
  const sans = (name: string): string => `{machine: {certSANs: [${name}]}}`;
  const flags = ['--config-patch', sans('both.example'), '--config-patch-control-plane', sans('cp.example')];
  const made = await run('gen', 'config', 'lab', 'https://10.5.0.2:6443', ...flags, '--config-patch-worker', sans('w.example'));
  expect(made).toMatchObject({ code: 0, stderr: '' });
  const [controlPlane, worker] = await Promise.all(
    ['controlplane.yaml', 'worker.yaml'].map((name) => readFile(join(dir.path, name), 'utf8')),
  );
  const found = (text: string | undefined) => ['both', 'cp', 'w'].filter((name) => text?.includes(`${name}.example`));
  expect([found(controlPlane), found(worker)]).toEqual([
    ['both', 'cp'],
    ['both', 'w'],
  ]);
  const flagged = await run('gen', 'config', 'lab', 'https://10.5.0.2:6443', '--version', 'v1alpha1', '-t', 'worker', '-o', '-');
  expect(flagged.stdout).toContain('version: v1alpha1');
  const other = await run('gen', 'config', 'lab', 'https://10.5.0.2:6443', '--version', 'v1', '-t', 'worker', '-o', '-');
  expect(other).toMatchObject({ stdout: '', stderr: expect.stringContaining('v1alpha1') });
  const schema: unknown = JSON.parse((await run('gen', 'schema')).stdout);
  expect(schema).toMatchObject({ definitions: { HostnameConfig: { properties: { kind: { const: 'HostnameConfig' } } } } });
});
