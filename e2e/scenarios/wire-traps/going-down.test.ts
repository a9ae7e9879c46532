import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StateDefinition, WatchRequest } from '@minos/api/cosi';
import {
  type Event,
  EventsRequest,
  LogsRequest,
  MachineServiceDefinition,
  MachineStatusEvent,
  MachineStatusEvent_MachineStage,
  RebootRequest,
  SequenceEvent,
  ShutdownRequest,
  TaskEvent,
} from '@minos/api/machine';
import { isFault, Scope } from '@minos/base';
import { type Client, client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { adminChannel } from '../../harness/cluster-api.ts';

type Machine = Client<typeof MachineServiceDefinition>;
/** What clients that follow an action take for a node that is away, and try again. */
const AWAY = ['unavailable', 'cancelled', 'clean end'];
const GO_UNAVAILABLE = /^rpc error: code = Unavailable desc = /;

let cluster: Cluster;
let workers: readonly [ClusterNode, ClusterNode];
beforeAll(async () => {
  cluster = await startCluster({ name: 'goes', workers: 2 });
  const [first, second] = cluster.workers;
  if (first === undefined || second === undefined) throw new Error('no workers');
  workers = [first, second];
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function machineOf(scope: Scope): Promise<Machine> {
  return client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
}

async function bootId(machine: Machine, node: string): Promise<string> {
  let text = '';
  const request = { path: '/proc/sys/kernel/random/boot_id' };
  for await (const { bytes } of machine.Read(request, { metadata: { node }, timeoutMs: 3000 })) text += bytes.toString();
  return text;
}

/** Takes a stream to its end and says how it ended. */
async function endOf<T>(stream: AsyncIterable<T>, see: (one: T) => void = () => undefined): Promise<string> {
  try {
    for await (const one of stream) see(one);
    return 'clean end';
  } catch (e) {
    return isFault(e) ? e.kind : String(e);
  }
}

function taskOf({ data }: Event): string {
  return data?.typeUrl.endsWith('.TaskEvent') === true ? TaskEvent.decode(data.value).task : '';
}

function sequenceOf({ data }: Event): string {
  return data?.typeUrl.endsWith('.SequenceEvent') === true ? SequenceEvent.decode(data.value).sequence : '';
}

/** Waits as clients do: the history again and again, until it says that the node runs and is ready. */
async function untilReady(machine: Machine, node: string): Promise<readonly Event[]> {
  const request = EventsRequest.fromPartial({ tailEvents: -1 });
  return eventually(
    async () => {
      const seen: Event[] = [];
      for await (const event of machine.Events(request, { metadata: { node }, timeoutMs: 5000 })) {
        if (seen.length === 0) expect(event.data).toBeUndefined();
        seen.push(event);
        if (event.data?.typeUrl.endsWith('.MachineStatusEvent') !== true) continue;
        const { stage, status } = MachineStatusEvent.decode(event.data.value);
        if (stage === MachineStatusEvent_MachineStage.RUNNING && status?.ready === true) return seen;
      }
      throw new Error('the stream ended before the node was ready');
    },
    { withinMs: 20_000, everyMs: 50 },
  );
}

test('a reboot is followed as clients follow it: told, gone for long enough, back with a new boot and history', async () => {
  await using scope = new Scope();
  const machine = await machineOf(scope);
  const node = workers[0].address;
  const metadata = { node };
  const before = await bootId(machine, node);
  // One that is opened and never read must hold nothing up.
  const unread = machine.Events(EventsRequest.fromPartial({}), { metadata })[Symbol.asyncIterator]();
  await unread.next();
  const seen: { readonly event: Event; readonly atMs: number }[] = [];
  const following = endOf(machine.Events(EventsRequest.fromPartial({}), { metadata }), (event) =>
    seen.push({ event, atMs: performance.now() }),
  );
  await eventually(() => expect(seen.length).toBe(1), { withinMs: 2000 });
  const beganMs = performance.now();
  const { messages } = await machine.Reboot(RebootRequest.fromPartial({}), { metadata, timeoutMs: 5000 });
  expect(messages).toHaveLength(1);
  expect(messages[0]?.actorId).not.toBe('');
  expect(AWAY).toContain(await following);

  const reboot = seen.find(({ event }) => sequenceOf(event) === 'reboot');
  expect(reboot?.event.actorId).toBe(messages[0]?.actorId);
  expect(seen.map(({ event }) => taskOf(event))).toContain('stopAllServices');
  const history = await untilReady(machine, node);
  const readyMs = performance.now();
  expect(readyMs - (reboot?.atMs ?? readyMs)).toBeGreaterThan(1500);
  expect(readyMs - beganMs).toBeLessThan(6000);
  // The history is of this boot alone.
  expect(history.map(sequenceOf)).not.toContain('reboot');
  expect(history.map(sequenceOf)).toContain('boot');
  expect(await bootId(machine, node)).not.toBe(before);
  await unread.return?.().catch(() => undefined);
}, 60_000);

test('streams through an endpoint that goes down end as unavailable, and hold it up no longer than its own', async () => {
  await using scope = new Scope();
  const machine = await machineOf(scope);
  const own = cluster.controlPlane.address;
  const follow = LogsRequest.fromPartial({ namespace: 'system', id: 'machined', follow: true, tailLines: -1 });
  let lines = 0;
  const ends = workers.map(({ address }) => endOf(machine.Logs(follow, { metadata: { node: address } }), () => lines++));
  await eventually(() => expect(lines).toBeGreaterThan(1), { withinMs: 5000 });
  const beganMs = performance.now();
  await machine.Reboot(RebootRequest.fromPartial({}), { timeoutMs: 5000 });
  expect(await Promise.all(ends)).toEqual(['unavailable', 'unavailable']);
  await untilReady(machine, own);
  expect(performance.now() - beganMs).toBeLessThan(6000);
}, 60_000);

test('a node that vanishes is unavailable on every stream to it, never an internal error', async () => {
  await using scope = new Scope();
  const channel = scope.use(await adminChannel(cluster));
  const machine = client(channel, MachineServiceDefinition);
  const state = client(channel, StateDefinition);
  const { address: node } = workers[0];
  const metadata = { node };
  const follow = LogsRequest.fromPartial({ namespace: 'system', id: 'apid', follow: true });
  const kind = { namespace: 'runtime', type: 'Services.v1alpha1.talos.dev', options: { bootstrapContents: true }, apiVersion: 1 };
  let begun = 0;
  const begin = (): void => {
    begun++;
  };
  const errors: string[] = [];
  const ends = [
    endOf(machine.Events(EventsRequest.fromPartial({}), { metadata }), begin),
    endOf(machine.Logs(follow, { metadata }), begin),
    endOf(state.Watch(WatchRequest.fromPartial(kind), { metadata }), begin),
    endOf(machine.Dmesg({ follow: true, tail: false }, { metadata }), begin),
  ];
  const ofMany = endOf(machine.Logs(follow, { metadata: { nodes: node } }), ({ metadata: named }) => {
    if (named?.error) errors.push(named.error);
  });
  await eventually(() => expect(begun).toBeGreaterThan(4), { withinMs: 5000 });
  process.kill(await workers[0].pid1(), 'SIGKILL');
  expect(await Promise.all(ends)).toEqual(ends.map(() => 'unavailable'));
  expect(await ofMany).toBe('clean end');
  expect(errors).toEqual([expect.stringMatching(GO_UNAVAILABLE)]);
  await untilReady(machine, node);
}, 60_000);

test('a shutdown is told by its first step, and the node is unavailable from then on', async () => {
  await using scope = new Scope();
  const machine = await machineOf(scope);
  const { address: node } = workers[1];
  const tasks: string[] = [];
  const following = endOf(machine.Events(EventsRequest.fromPartial({}), { metadata: { node } }), (event) =>
    tasks.push(taskOf(event)),
  );
  await eventually(() => expect(tasks).toHaveLength(1), { withinMs: 2000 });
  const { messages } = await machine.Shutdown(ShutdownRequest.fromPartial({}), { metadata: { node }, timeoutMs: 5000 });
  expect(messages[0]?.actorId).not.toBe('');
  expect(AWAY).toContain(await following);
  expect(tasks).toContain('stopAllServices');
  await eventually(() => expect(workers[1].pid1()).rejects.toThrow('is down'), { withinMs: 10_000 });
  await expect(machine.Version({}, { metadata: { node }, timeoutMs: 20_000 })).rejects.toMatchObject({ kind: 'unavailable' });
}, 60_000);
