import { expect, test } from '@jest/globals';
import { MachineStatusSpec, RuntimeMachineStage } from '@minos/api/resource-specs';
import { tempDir } from '@minos/testkit';
import { runCli } from '../cli/run-cli.ts';
import { COMMAND_TABLE } from '../command-table/command-table.ts';
import { machineReadiness } from '../node-call/node-readiness.ts';
import { testTerminal } from '../testing/test-terminal.ts';
import { clusterIdentity } from './cluster-options.ts';
import { planCluster } from './cluster-plan.ts';
import { holderArguments } from './start-holder.ts';
import { tryNext } from './try-next.ts';

test.each(['up', 'down'])('cluster %s says what root is needed for and how to get it', async (verb) => {
  await using dir = await tempDir('cluster');
  const terminal = testTerminal(dir.path, { uid: 1000 });
  expect(await runCli(COMMAND_TABLE, ['cluster', verb], terminal)).toBe(1);
  expect(terminal.stderr()).toContain('only root may do (this is uid 1000): sudo npx minosctl cluster');
});

test('cluster show without a cluster says how to make one', async () => {
  await using dir = await tempDir('cluster');
  const terminal = testTerminal(dir.path);
  expect(await runCli(COMMAND_TABLE, ['cluster', 'show'], terminal)).toBe(1);
  expect(terminal.stderr()).toContain('minosctl cluster up makes one');
});

const status = (stage: RuntimeMachineStage, ready: boolean, unmet: { name: string; reason: string }[] = []) =>
  machineReadiness(MachineStatusSpec.fromPartial({ stage, status: { ready, unmetConditions: unmet } }), 'v1');

test('a node is ready when it runs and says so; until then it says what it waits for', () => {
  expect(status(RuntimeMachineStage.MACHINE_STAGE_RUNNING, true)).toEqual({ kind: 'ready', version: 'v1' });
  expect(status(RuntimeMachineStage.MACHINE_STAGE_BOOTING, true)).toEqual({ kind: 'waiting', reason: 'booting' });
  expect(status(RuntimeMachineStage.MACHINE_STAGE_RUNNING, false)).toEqual({ kind: 'waiting', reason: 'running, not ready' });
  expect(status(RuntimeMachineStage.MACHINE_STAGE_RUNNING, false, [{ name: 'services', reason: 'apid not ready' }])).toEqual({
    kind: 'waiting',
    reason: 'services: apid not ready',
  });
});

test('the command lines to try next and of the holder are whole', () => {
  const base = { checkout: '/x', cwd: '/x' };
  const options = { subnet: '10.5.0.0/24', workers: 1, image: '/i', holder: '/h' };
  const plain = planCluster(clusterIdentity({ name: 'minos', 'state-dir': undefined }, base), options);
  expect(tryNext(plain, base)).toContain('  npx minosctl -n 10.5.0.3 reboot\n  npx minosctl cluster down\n');
  const other = planCluster(clusterIdentity({ name: 'lab', 'state-dir': '/c' }, base), options);
  expect(tryNext(other, base)).toContain('npx minosctl --minosconfig /c/config get members');
  expect(tryNext(other, base)).toContain('npx minosctl cluster down --name lab --state-dir /c\n');
  const [node] = other.nodes;
  if (node === undefined) throw new Error('no node');
  expect(holderArguments(other, node).join(' ')).toContain('--name lab-cp-1 --root /c/image --state /c/nodes/lab-cp-1/state');
});
