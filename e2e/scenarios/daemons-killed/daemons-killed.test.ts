import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MachineServiceDefinition, type ServiceInfo } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type Client, client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { adminChannel } from '../../harness/cluster-api.ts';
import { daemonOf } from '../../harness/host-processes.ts';
import { mustRun } from '../../harness/run.ts';

const BACK = { withinMs: 6000, everyMs: 50 };

let cluster: Cluster;
let machine: Client<typeof MachineServiceDefinition>;
const scope = new Scope();
beforeAll(async () => {
  cluster = await startCluster({ name: 'kills', workers: 1 });
  machine = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
}, 200_000);
afterAll(async () => {
  await scope.close();
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Kills a daemon of the control plane; its pid on the host before. */
async function kill(daemon: string): Promise<number> {
  const found = await daemonOf(await cluster.controlPlane.pid1(), daemon);
  if (found === undefined) throw new Error(`${daemon} does not run`);
  process.kill(found.pid, 'SIGKILL');
  return found.pid;
}

async function serviceOf(id: string): Promise<ServiceInfo> {
  const [list] = (await machine.ServiceList({}, { timeoutMs: 3000 })).messages;
  const found = list?.services.find((service) => service.id === id);
  if (found === undefined) throw new Error(`no service ${id}`);
  return found;
}

test.each(['networkd', 'trustd', 'apid'])(
  '%s that is killed is there again, and the API goes on',
  async (daemon) => {
    const before = await kill(daemon);
    // Only through apid does anybody notice, and only for the moment until there is another.
    if (daemon !== 'apid') expect((await machine.Version({}, { timeoutMs: 3000 })).messages).toHaveLength(1);
    const back = async (): Promise<void> => {
      expect(await serviceOf(daemon)).toMatchObject({ state: 'Running', health: { healthy: true } });
      const now = await daemonOf(await cluster.controlPlane.pid1(), daemon);
      expect([undefined, before]).not.toContain(now?.pid);
    };
    await eventually(back, BACK);
    const worker = { metadata: { node: cluster.workers[0]?.address ?? '' }, timeoutMs: 3000 };
    expect((await machine.Version({}, worker)).messages).toHaveLength(1);
  },
  30_000,
);

test('a service that will not stay is started again after growing pauses', async () => {
  const startedMs: number[] = [];
  for (let i = 0; i < 3; i++) {
    await eventually(async () => expect(await daemonOf(await cluster.controlPlane.pid1(), 'trustd')).toBeDefined(), {
      withinMs: 20_000,
      everyMs: 20,
    });
    startedMs.push(performance.now());
    const before = await kill('trustd');
    const isAnother = async (): Promise<void> =>
      expect((await daemonOf(await cluster.controlPlane.pid1(), 'trustd'))?.pid).not.toBe(before);
    await eventually(isAnother, { ...BACK, everyMs: 5 });
  }
  const pauses = startedMs.slice(1).map((at, i) => at - (startedMs[i] ?? 0));
  expect(pauses[1]).toBeGreaterThan((pauses[0] ?? 0) * 1.5);
  const { events } = await serviceOf('trustd');
  expect(events?.events.map(({ msg }) => msg).join('\n')).toMatch(/was ended by SIGKILL/);
  await eventually(async () => expect((await serviceOf('trustd')).state).toBe('Running'), { withinMs: 30_000, everyMs: 200 });
}, 120_000);

async function etherAddress(): Promise<string | undefined> {
  const shown = await mustRun('nsenter', ['-t', String(await cluster.controlPlane.pid1()), '-n', 'ip', 'link', 'show', 'eth0']);
  return /link\/ether (02:\S+)/.exec(shown)?.[1];
}

test('a node whose PID 1 is killed is started again by its holder', async () => {
  const { controlPlane } = cluster;
  const before = await controlPlane.pid1();
  const address = await etherAddress();
  process.kill(before, 'SIGKILL');
  await eventually(async () => expect(await controlPlane.pid1()).not.toBe(before), BACK);
  await eventually(async () => expect((await serviceOf('trustd')).state).toBe('Running'), { withinMs: 10_000, everyMs: 100 });
  // Neighbours that remember where it was find it at once.
  expect(await etherAddress()).toBe(address);
}, 30_000);
