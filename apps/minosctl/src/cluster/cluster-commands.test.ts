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
import { machineArguments } from './start-machine.ts';
import { tryNext } from './try-next.ts';

test.each(['up', 'down', 'create', 'destroy'])('cluster %s says what root is needed for and how to get it', async (verb) => {
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

test('a machine of a cluster has a tap, an address of its own and what was asked for', () => {
  const machine = { memoryMib: 256, cpus: 1, accel: 'tcg', checkout: '/x' } as const;
  const options = { subnet: '10.5.0.0/24', workers: 1, image: '/i', holder: '/h', machine };
  const plan = planCluster(clusterIdentity({ name: 'lab', 'state-dir': '/c' }, { checkout: '/x', cwd: '/x' }), options);
  const lines = plan.nodes.map((node) => machineArguments(plan, machine, node).join(' '));
  expect(lines[0]).toContain(
    '--name lab-cp-1 --dir /c/nodes/lab-cp-1 --config /c/nodes/lab-cp-1/state/config.yaml --image /i --tap',
  );
  expect(lines[0]).toContain('--memory 256 --cpus 1 --accel tcg --pidfile /c/nodes/lab-cp-1/holder.pid');
  const macs = lines.map((line) => /--mac (02(?::[0-9a-f]{2}){5}) /.exec(line)?.[1]);
  expect(new Set(macs).size).toBe(2);
});

test.each([
  [['--controlplanes', '3'], '--controlplanes takes 1, not 3'],
  [['--provisioner', 'qemu', '--memory', '64'], '--memory takes at least 256'],
  [['--provisioner', 'qemu', '--cpus', '0'], '--cpus takes at least 1'],
])('cluster create %j says what it takes', async (args, message) => {
  await using dir = await tempDir('cluster');
  const terminal = testTerminal(dir.path, { uid: 0 });
  expect(await runCli(COMMAND_TABLE, ['cluster', 'create', ...args], terminal)).toBe(1);
  expect(terminal.stderr()).toContain(message);
});
