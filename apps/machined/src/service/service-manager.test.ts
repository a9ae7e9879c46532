import { expect, test } from '@jest/globals';
import { Fault, Scope } from '@minos/base';
import { parseFixture, type SimulatedHost, simulatedHost } from '@minos/host/simulated';
import { recordingLogger, VirtualClock } from '@minos/testkit';
import type { EndWatch } from './end-watch.ts';
import type { ServiceDefinition } from './service-definition.ts';
import { ServiceManager } from './service-manager.ts';
import type { ServiceSnapshot } from './service-record.ts';

interface Fixture extends AsyncDisposable {
  readonly clock: VirtualClock;
  readonly host: SimulatedHost;
  readonly manager: ServiceManager;
  state(id: string): string;
  /** A machined that was killed and started again: a new manager over the same init. */
  restart(): Promise<void>;
}

function definition(id: string, more: Partial<ServiceDefinition> = {}): ServiceDefinition {
  const common = { dependsOn: [], conditions: [], awaits: [], prepare: async () => undefined, mayStop: true, graceMs: 1000 };
  const limits = { uid: 1, gid: 1, groups: [], capabilities: [], cgroup: undefined, noFile: undefined, oomScoreAdj: undefined };
  return { id, ...common, spawnSpec: () => ({ id, argv: [`/bin/${id}`], env: {}, ...limits }), ...more };
}

const NOTHING_KNOWN: EndWatch = { begin: async () => undefined, explain: async () => undefined };

async function open(programs: object, definitions: readonly ServiceDefinition[], ends = NOTHING_KNOWN): Promise<Fixture> {
  const clock = new VirtualClock();
  const fixture = parseFixture({ programs });
  if (!fixture.ok) throw new Error(JSON.stringify(fixture.problems));
  const host = simulatedHost(fixture.value, { clock });
  let scope = new Scope();
  const begin = async (): Promise<ServiceManager> => {
    const stop = new AbortController();
    const supervisor = scope.use(await host.openSupervisor());
    const log = recordingLogger();
    const events = supervisor.events(stop.signal);
    const adopted = await supervisor.list();
    const manager = scope.use(new ServiceManager({ clock, log, supervisor, events, adopted, ends, onChange: () => undefined }));
    scope.use(() => stop.abort());
    for (const one of definitions) manager.load(one);
    const following = manager.followSupervisor(() => undefined);
    scope.use(async () => {
      stop.abort();
      await following;
    });
    return manager;
  };
  let manager = await begin();
  const find = (id: string): ServiceSnapshot | undefined => manager.list().find((service) => service.id === id);
  return {
    clock,
    host,
    get manager() {
      return manager;
    },
    state: (id) => find(id)?.state ?? 'unknown',
    restart: async () => {
      await scope.close();
      scope = new Scope();
      manager = await begin();
    },
    [Symbol.asyncDispose]: async () => {
      await scope.close();
      await host[Symbol.asyncDispose]();
    },
  };
}

const never = (): AbortSignal => new AbortController().signal;

/** Lets time pass in small steps until the check holds. */
async function passUntil(clock: VirtualClock, check: () => boolean, withinMs = 200_000): Promise<void> {
  for (let passed = 0; passed < withinMs; passed += 50) {
    if (check()) return;
    await clock.advance(50);
    for (let i = 0; i < 5; i++) await new Promise((resolve) => setImmediate(resolve));
  }
  throw new Error(`not within ${withinMs} ms`);
}

test('a service is running when its process says that it is ready, and not before', async () => {
  await using it = await open({ a: { readyAfterMs: 500 } }, [definition('a')]);
  it.manager.start('a');
  await passUntil(it.clock, () => it.state('a') === 'starting');
  await it.clock.advance(300);
  expect(it.state('a')).toBe('starting');
  await passUntil(it.clock, () => it.state('a') === 'running', 1000);
});

test('a service waits for those that it depends on, and says so', async () => {
  await using it = await open({ a: { readyAfterMs: 2000 } }, [definition('a'), definition('b', { dependsOn: ['a'] })]);
  it.manager.start('a', 'b');
  const last = (): string | undefined =>
    it.manager
      .list()
      .find(({ id }) => id === 'b')
      ?.events.at(-1)?.message;
  await passUntil(it.clock, () => last() === 'Waiting for service "a" to be "up"', 500);
  await passUntil(it.clock, () => it.state('b') === 'running');
});

test('a service that ends is started again within 100 ms', async () => {
  await using it = await open({ a: { exitAfterMs: 20_000, exit: { code: 1 } } }, [definition('a')]);
  it.manager.start('a');
  await passUntil(it.clock, () => it.state('a') === 'running');
  await passUntil(it.clock, () => it.state('a') !== 'running');
  const ended = it.clock.monotonicMs();
  await passUntil(it.clock, () => it.state('a') === 'running');
  expect(it.clock.monotonicMs() - ended).toBeLessThanOrEqual(100);
});

test('a service that keeps ending is started again after growing waits', async () => {
  await using it = await open({ a: { exitAfterMs: 20, exit: { code: 1 } } }, [definition('a')]);
  const begun = it.clock.monotonicMs();
  it.manager.start('a');
  const starts = (): number => {
    const a = it.manager.list().find(({ id }) => id === 'a');
    return a?.events.filter(({ state }) => state === 'starting').length ?? 0;
  };
  await passUntil(it.clock, () => starts() === 4);
  expect(it.clock.monotonicMs() - begun).toBeGreaterThanOrEqual(50 + 200 + 800);
});

test('a service whose configuration is wrong is not started again', async () => {
  await using it = await open({ a: { exitAfterMs: 20, exit: { code: 100 } } }, [definition('a')]);
  it.manager.start('a');
  await passUntil(it.clock, () => it.state('a') === 'failed');
  await it.clock.advance(100_000);
  expect(it.state('a')).toBe('failed');
});

test('a service that does not listen is killed after its grace', async () => {
  await using it = await open({ a: { ignoresStop: true } }, [definition('a')]);
  it.manager.start('a');
  await passUntil(it.clock, () => it.state('a') === 'running');
  const stopping = it.manager.stop('a', never());
  await it.clock.advance(900);
  expect(it.state('a')).toBe('stopping');
  await passUntil(it.clock, () => it.state('a') === 'finished', 3000);
  await stopping;
});

test('everything stops in the reverse order of dependence, and nothing starts afterwards', async () => {
  const definitions = [definition('a'), definition('b', { dependsOn: ['a'] })];
  await using it = await open({ b: { stopAfterMs: 500 } }, definitions);
  it.manager.start('a', 'b');
  await passUntil(it.clock, () => it.state('b') === 'running');
  const stopping = it.manager.stopAll(never());
  await it.clock.advance(300);
  expect([it.state('a'), it.state('b')]).toEqual(['running', 'stopping']);
  await passUntil(it.clock, () => it.state('a') === 'finished');
  await stopping;
  expect(() => it.manager.start('a')).toThrow(/going down/);
});

test('a killed machined finds its services again: same processes, same states, missed ends made up for', async () => {
  await using it = await open({}, [definition('a'), definition('b')]);
  it.manager.start('a', 'b');
  await passUntil(it.clock, () => it.state('a') === 'running' && it.state('b') === 'running');
  const pid = it.manager.pidOf('a');
  await it.restart();
  expect(it.manager.pidOf('a')).toBe(pid);
  expect(it.state('a')).toBe('running');
  it.host.act({ do: 'exit', id: 'b', exit: { kind: 'signalled', signal: 'SIGSEGV', coreDumped: false } });
  await passUntil(it.clock, () => it.state('b') === 'waiting');
  await passUntil(it.clock, () => it.state('b') === 'running');
  expect(it.manager.pidOf('a')).toBe(pid);
});

test('why a process was ended is told in place of its exit, and the service is started again', async () => {
  const ends: EndWatch = {
    begin: async () => undefined,
    explain: async (id) => (id === 'a' ? 'was killed by the kernel: out of memory' : undefined),
  };
  await using it = await open({ a: { exitAfterMs: 20, exit: { signal: 'SIGKILL' } } }, [definition('a')], ends);
  it.manager.start('a');
  const events = (): string[] => it.manager.list().flatMap((service) => service.events.map(({ message }) => message));
  const told = /^Process \d+ was killed by the kernel: out of memory$/;
  await passUntil(it.clock, () => events().filter((message) => told.test(message)).length === 2, 5000);
});

test('a service that waits by itself is started ahead: what it waits for is told, and holds up neither its start nor its end', async () => {
  const opened = Promise.withResolvers<void>();
  const awaits = [{ description: 'certificates', subject: 'certificates', wait: () => opened.promise }];
  await using it = await open({ a: { readyAfterMs: 500 } }, [definition('a', { awaits })]);
  it.manager.start('a');
  const tried = it.manager.untilTried('a', never());
  await passUntil(it.clock, () => it.manager.unmetOf('a').includes('certificates'), 400);
  await tried;
  expect(it.state('a')).toBe('starting');
  expect(it.manager.list()[0]?.events.at(-1)?.message).toBe('Waiting for certificates');
  await passUntil(it.clock, () => it.state('a') === 'running');
  expect(it.manager.unmetOf('a')).toEqual([]);
  opened.resolve();
});

test('trying to start a service that cannot be prepared comes to an end', async () => {
  const prepare = (): Promise<void> => Promise.reject(new Fault('denied', 'no directory'));
  await using it = await open({}, [definition('a', { prepare })]);
  it.manager.start('a');
  let isOver = false;
  const tried = it.manager.untilTried('a', never()).then(() => {
    isOver = true;
  });
  await passUntil(it.clock, () => isOver);
  await tried;
});
