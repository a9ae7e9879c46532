import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from '@jest/globals';
import { StateDefinition } from '@minos/api/cosi';
import { MachineServiceDefinition, MachineStatusEvent, SequenceEvent, TaskEvent } from '@minos/api/machine';
import type { HostnameSpecSpec } from '@minos/api/resource-specs';
import { isFault, Scope, systemClock } from '@minos/base';
import type { SimulatedHost } from '@minos/host/simulated';
import { diagnosticType, hostnameSpecType, machineStatusType, memberType, type ResourceType } from '@minos/resource';
import { type Client, client, dial } from '@minos/rpc';
import { eventually, type RecordingLogger, recordingLogger, type TempDir, tempDir } from '@minos/testkit';
import { runMachined } from './run-machined.ts';
import type { World } from './runtime/world.ts';
import { simulatedWorld } from './simulate/simulated-world.ts';

const FIXTURE = join(import.meta.dirname, '../fixture.yaml');
const ADMIN = { metadata: { 'talos-role': 'os:admin' } };
const READER = { metadata: { 'talos-role': 'os:reader' } };
const CONFIG = '/system/state/config.yaml';
const WITHIN = { withinMs: 5000 };

interface Running {
  readonly machine: Client<typeof MachineServiceDefinition>;
  readonly state: Client<typeof StateDefinition>;
  stop(): Promise<void>;
}

interface Fixture extends AsyncDisposable {
  readonly dir: TempDir;
  readonly world: World & { readonly host: SimulatedHost };
  readonly log: RecordingLogger;
  start(): Promise<Running>;
}

const worlds: AsyncDisposable[] = [];
afterAll(async () => {
  for (const world of worlds) await world[Symbol.asyncDispose]();
});

async function open(): Promise<Fixture> {
  const scope = new Scope();
  const dir = scope.use(await tempDir('machined'));
  const log = recordingLogger();
  const world = simulatedWorld(await readFile(FIXTURE, 'utf8'), { clock: systemClock, log });
  worlds.push(world.host);
  let running: Running | undefined;
  scope.use(async () => running?.stop());
  return {
    dir,
    world,
    log,
    start: async () => {
      running = await start(world, dir.path);
      return running;
    },
    [Symbol.asyncDispose]: () => scope.close(),
  };
}

async function start(world: World, runDir: string): Promise<Running> {
  const stop = new AbortController();
  const release = { tag: 'v1.14.0+minos.0.1.0', commit: 'abc', built: '2026-01-02T03:04:05Z', runtimeVersion: 'test' };
  const served = Promise.withResolvers<void>();
  const options = { world, platform: 'container', release, runDir, ready: () => served.resolve() } as const;
  const ending = runMachined(options, stop.signal);
  await Promise.race([served.promise, ending]);
  const channel = dial({ kind: 'unix', path: `${runDir}/system/run/machined/machine.sock` });
  return {
    machine: client(channel, MachineServiceDefinition),
    state: client(channel, StateDefinition),
    stop: async () => {
      channel[Symbol.dispose]();
      stop.abort();
      await ending.catch(() => undefined);
    },
  };
}

async function list<S>({ state }: Running, type: ResourceType<S>): Promise<S[]> {
  const found: S[] = [];
  const request = { namespace: type.defaultNamespace, type: type.type, options: undefined };
  for await (const { resource } of state.List(request, ADMIN)) {
    found.push(type.codec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0)));
  }
  return found;
}

async function untilReady(running: Running): Promise<void> {
  await eventually(async () => expect((await list(running, machineStatusType))[0]?.status?.ready).toBe(true), WITHIN);
}

async function kindOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return isFault(e) ? e.kind : 'no fault';
}

/** What init holds, as a third party sees it. */
async function services({ init }: SimulatedHost): Promise<unknown> {
  return init.list();
}

async function states({ machine }: Running): Promise<Record<string, string>> {
  const services = (await machine.ServiceList({}, READER)).messages[0]?.services ?? [];
  return Object.fromEntries(services.map(({ id, state }) => [id, state]));
}

test('a node boots to ready: services run, it is a member, and every service answers with events and health', async () => {
  await using it = await open();
  const running = await it.start();
  await untilReady(running);
  expect(await states(running)).toEqual({ apid: 'Running', machined: 'Running', networkd: 'Running' });
  const services = (await running.machine.ServiceList({}, READER)).messages[0]?.services ?? [];
  expect(services.every(({ events, health }) => events !== undefined && health !== undefined)).toBe(true);
  const members = await list(running, memberType);
  expect(members.map(({ hostname }) => hostname)).toEqual(['minos-worker-1']);
  expect((await running.machine.Hostname({}, READER)).messages[0]?.hostname).toBe('minos-worker-1');
  const { messages } = await running.machine.Version({}, READER);
  expect(messages[0]?.version).toMatchObject({ tag: 'v1.14.0+minos.0.1.0', sha: 'abc', built: '2026-01-02T03:04:05Z' });
  expect(await it.world.host.files.readText('/system/etc/hostname')).toBe('minos-worker-1\n');
  expect(it.log.lines.filter(({ level }) => level === 'error')).toEqual([]);
});

test('roles decide: nobody without one, readers read, and what is not there yet says so to those who may', async () => {
  await using it = await open();
  const running = await it.start();
  expect(await kindOf(running.machine.Version({}))).toBe('denied');
  expect(await kindOf(running.machine.Reboot({ mode: 0 }, READER))).toBe('denied');
  expect(await kindOf(running.machine.Rollback({}, ADMIN))).toBe('precondition');
  expect(await kindOf(running.machine.ServiceStop({ id: 'apid' }, ADMIN))).toBe('denied');
  expect(await kindOf(running.machine.ServiceStop({ id: 'machined' }, ADMIN))).toBe('denied');
  expect(await kindOf(running.machine.ServiceStart({ id: 'sshd' }, ADMIN))).toBe('missing');
});

test('a killed machined changes nothing for the services and goes on where it was', async () => {
  await using it = await open();
  const first = await it.start();
  await untilReady(first);
  const before = await services(it.world.host);
  await first.stop();
  const second = await it.start();
  expect(await states(second)).toEqual({ apid: 'Running', machined: 'Running', networkd: 'Running' });
  await untilReady(second);
  expect(await services(it.world.host)).toEqual(before);
  expect(it.log.lines.filter(({ message }) => message === 'service started')).toHaveLength(2);
});

test('a wrong configuration is refused with every problem, and nothing changes', async () => {
  await using it = await open();
  const running = await it.start();
  await untilReady(running);
  const before = await it.world.host.files.readText(CONFIG);
  const wrong = before.replace('type: worker', 'type: wrker\n    what: 1').replace('10.5.0.3/24', '10.5.0.300/24');
  const request = { data: Buffer.from(wrong), mode: 1, dryRun: false, tryModeTimeout: undefined } as const;
  const e = await running.machine.ApplyConfiguration(request, ADMIN).catch((caught: unknown) => caught);
  expect(isFault(e, 'invalid') ? e.message : '').toMatch(/machine\.what[\s\S]*machine\.type|machine\.type[\s\S]*machine\.what/);
  expect(isFault(e) ? e.message : '').toContain('LinkConfig(eth0).addresses[0].address');
  expect(await it.world.host.files.readText(CONFIG)).toBe(before);
});

test('a node without a configuration waits for one, says so, and boots when it is applied', async () => {
  await using it = await open();
  const text = await it.world.host.files.readText(CONFIG);
  await it.world.host.files.write(CONFIG, 'machine: {type: worker}');
  const running = await it.start();
  await eventually(async () => expect((await list(running, machineStatusType))[0]?.stage).toBe(3), WITHIN);
  expect((await list(running, diagnosticType))[0]?.details.join()).toContain('machine.token');
  const request = { data: Buffer.from(text), mode: 1, dryRun: false, tryModeTimeout: undefined } as const;
  await running.machine.ApplyConfiguration(request, ADMIN);
  await untilReady(running);
  // What is left is that the authority of the example cannot be reached.
  const left = (await list(running, diagnosticType)).map(({ message }) => message);
  expect(left.filter((message) => !message.startsWith('this node cannot join'))).toEqual([]);
});

test('a dry run shows the difference without secrets and changes nothing; applying it changes the node while it runs', async () => {
  await using it = await open();
  const running = await it.start();
  await untilReady(running);
  const before = await it.world.host.files.readText(CONFIG);
  const data = Buffer.from(before.replace('minos-worker-1', 'minos-worker-9'));
  const dry = await running.machine.ApplyConfiguration({ data, mode: 1, dryRun: true, tryModeTimeout: undefined }, ADMIN);
  expect(dry.messages[0]?.modeDetails).toMatch(/-.*minos-worker-1\n\+.*minos-worker-9/);
  const token = /token: (\S+)/.exec(before)?.[1] ?? '';
  expect(dry.messages[0]?.modeDetails).not.toContain(token);
  expect(await it.world.host.files.readText(CONFIG)).toBe(before);
  const done = await running.machine.ApplyConfiguration({ data, mode: 1, dryRun: false, tryModeTimeout: undefined }, ADMIN);
  expect(done.messages[0]?.modeDetails).toBe('Applied configuration without a reboot');
  expect(await it.world.host.files.readText(CONFIG)).toBe(data.toString());
  const specs = await list(running, hostnameSpecType);
  expect(specs.map(({ hostname }: HostnameSpecSpec) => hostname)).toEqual(['minos-worker-9']);
  await eventually(
    async () => expect(await it.world.host.files.readText('/system/etc/hostname')).toBe('minos-worker-9\n'),
    WITHIN,
  );
});

test('the log of a service and that of machined are kept and read', async () => {
  await using it = await open();
  const running = await it.start();
  await untilReady(running);
  const read = async (id: string): Promise<string> => {
    let text = '';
    const request = { namespace: 'system', id, driver: 0, follow: false, tailLines: -1 } as const;
    for await (const { bytes } of running.machine.Logs(request, READER)) text += bytes.toString();
    return text;
  };
  await eventually(async () => expect(await read('networkd')).toBe('networkd of the simulation\n'), WITHIN);
  expect(await read('machined')).toContain('"msg":"service started"');
  expect((await running.machine.LogsContainers({}, READER)).messages[0]?.ids).toEqual(
    expect.arrayContaining(['apid', 'machined', 'networkd']),
  );
  const missing = (async () => read('none'))();
  expect(await kindOf(missing)).toBe('missing');
});

test('a reboot answers first, tells each step under its actor, waits, and ends the machine', async () => {
  await using it = await open();
  const running = await it.start();
  await untilReady(running);
  const told: string[] = [];
  const query = { tailEvents: 0, tailId: '', tailSeconds: 0, withActorId: '' };
  const reading = (async () => {
    for await (const { data, actorId } of running.machine.Events(query, READER)) told.push(`${describe(data)} ${actorId}`);
  })().catch(() => undefined);
  await eventually(() => expect(told).toHaveLength(1), WITHIN);
  const begun = systemClock.monotonicMs();
  const actor = (await running.machine.Reboot({ mode: 0 }, ADMIN)).messages[0]?.actorId ?? '';
  expect(actor).not.toBe('');
  expect(await it.world.host.powered).toBe('reboot');
  expect(systemClock.monotonicMs() - begun).toBeGreaterThan(1500);
  await reading;
  expect(told[0]).toBe('nothing ');
  expect(told).toContain(`sequence reboot 1 ${actor}`);
  expect(told).toContain(`task stopAllServices 0 ${actor}`);
  expect(told).toContain('stage 5 ');
});

function describe(data: { typeUrl: string; value: Buffer } | undefined): string {
  if (data === undefined) return 'nothing';
  const name = data.typeUrl.split('.')[1];
  if (name === 'SequenceEvent') {
    const event = SequenceEvent.decode(data.value);
    return `sequence ${event.sequence} ${event.action}`;
  }
  if (name === 'TaskEvent') {
    const event = TaskEvent.decode(data.value);
    return `task ${event.task} ${event.action}`;
  }
  if (name === 'MachineStatusEvent') return `stage ${MachineStatusEvent.decode(data.value).stage}`;
  return name ?? '';
}
