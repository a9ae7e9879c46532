import { resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { daemonOf } from '../../harness/host-processes.ts';
import { type PseudoTerminal, startOnTerminal } from '../../harness/pseudo-terminal.ts';
import { mustRun, run } from '../../harness/run.ts';

const MINOSCTL = resolve(import.meta.dirname, '../../../node_modules/.bin/minosctl');
const SOON = { withinMs: 30_000 };

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'dashboard', workers: 1 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const dashboard = (nodes: string): PseudoTerminal =>
  startOnTerminal(
    `echo "tty=$(tty)"; stty -g; ${MINOSCTL} --minosconfig ${cluster.clientConfig} -n ${nodes} dashboard -d 500ms; echo "code=$?"; stty -g`,
  );
const shows = (terminal: PseudoTerminal, text: string | RegExp): Promise<void> =>
  eventually(() => expect(terminal.screen()).toMatch(text), SOON);

test('it shows the node with its services, follows the size of the terminal, and gives the terminal back', async () => {
  await using terminal = dashboard(cluster.controlPlane.address);
  await shows(terminal, cluster.controlPlane.name);
  await shows(terminal, /trustd +Running +OK/);
  await shows(terminal, /type +controlplane/);
  await shows(terminal, /cluster +\S+ \(2 machines\)/);
  const before = terminal.screen().split('\n');
  expect([before.length, before[0]?.length]).toEqual([24, 80]);

  const tty = /tty=(\S+)/.exec(terminal.written())?.[1] ?? '';
  await mustRun('stty', ['-F', tty, 'cols', '100', 'rows', '30']);
  await eventually(() => {
    const rows = terminal.screen().split('\n');
    expect([rows.length, rows[0]?.length]).toEqual([30, 100]);
  }, SOON);

  terminal.press('3');
  await shows(terminal, 'AddressStatuses.net.talos.dev');
  terminal.press('q');
  expect(await terminal.ended).toBe(0);
  expect(terminal.written()).toContain('code=0');
  expect(terminal.written()).toContain('\x1b[?25h\x1b[?1049l');
  // What stty says in one word of all settings is the same as before.
  const settings = terminal.written().match(/[0-9a-f]+(?::[0-9a-f]+){10,}/g) ?? [];
  expect(settings.length).toBe(2);
  expect(settings[0]).toBe(settings[1]);
}, 120_000);

test('machined is killed while it looks: the new one is shown, without a key', async () => {
  await using terminal = dashboard(cluster.controlPlane.address);
  terminal.press('2');
  const pidOf = (): string => /(\d+) +\S +\S+ +\S+ \S+ +\S+ +\d+ +\/sbin\/machined/.exec(terminal.screen())?.[1] ?? '';
  await eventually(() => expect(pidOf()).not.toBe(''), SOON);
  const before = pidOf();
  const machined = await daemonOf(await cluster.controlPlane.pid1(), 'machined');
  process.kill(machined?.pid ?? 0, 'SIGKILL');
  await eventually(() => {
    expect(pidOf()).not.toBe('');
    expect(pidOf()).not.toBe(before);
    expect(terminal.screen()).not.toContain('gone since');
  }, SOON);
  terminal.press('\x03');
  expect(await terminal.ended).toBe(0);
  expect(terminal.written()).toContain('code=0');
}, 120_000);

test('the right key shows the next node; one that is gone says since when, and is back by itself', async () => {
  const [worker] = cluster.workers;
  if (worker === undefined) throw new Error('no worker');
  await using terminal = dashboard('@all');
  await eventually(() => expect(terminal.screen()).toContain(`(${cluster.controlPlane.address})`), SOON);
  terminal.press('\x1b[C');
  await eventually(() => expect(terminal.screen()).toContain(`(${worker.address})`), SOON);
  await shows(terminal, /type +worker/);
  expect(await cluster.minosctl(['-n', worker.address, 'reboot', '--yes', '--force', '--wait=false'])).toMatchObject({ code: 0 });
  await eventually(() => expect(terminal.written()).toMatch(/gone since \d\d:\d\d:\d\d UTC \(\d+s\): /), SOON);
  await eventually(() => expect(terminal.screen()).not.toContain('gone since'), { withinMs: 60_000 });
  await shows(terminal, /apid +Running/);
  terminal.press('q');
  expect(await terminal.ended).toBe(0);
}, 180_000);

test('in a pipe it says what to use instead', async () => {
  const { code, stderr } = await run(MINOSCTL, ['--minosconfig', cluster.clientConfig, 'dashboard']);
  expect(code).toBe(1);
  expect(stderr).toContain('minosctl services');
}, 60_000);
