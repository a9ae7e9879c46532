import { expect, test } from '@jest/globals';
import { LogsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type SeenCall, testMachine } from '../testing/machine.ts';
import { certificates, TestNode } from '../testing/node.ts';
import { testAuthority } from '../testing/pki.ts';
import { wireCut } from '../testing/wire-cut.ts';

const ca = testAuthority();
const FOLLOW = LogsRequest.fromPartial({ id: 'x', follow: true });

test('a call made while machined is away waits for it', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const api = client(node.dial(), MachineServiceDefinition);
  await api.Version({});
  await node.stopMachine();
  await eventually(() => expect(node.log.lines.at(-1)?.message).toBe('backend connection lost'), { withinMs: 2000 });
  const waiting = [api.Version({}), api.Reboot({ mode: 0 })];
  await new Promise((resolve) => setTimeout(resolve, 300));
  await node.startMachine([testMachine('again')]);
  await Promise.all(waiting);
  expect((await api.Version({})).messages[0]?.version?.tag).toBe('again');
});

test('when machined stays away calls are unavailable, and work once it is back', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')], policies: { local: { patienceMs: 200 } } }));
  const api = client(node.dial(), MachineServiceDefinition);
  await node.stopMachine();
  await expect(api.Version({})).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(api.Version({}, { timeoutMs: 100 })).rejects.toMatchObject({ kind: 'deadline' });
  await node.startMachine();
  expect((await api.Version({})).messages.length).toBe(1);
});

test('a stream whose machined dies ends as unavailable', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const api = client(node.dial(), MachineServiceDefinition);
  const stream = api.Logs(FOLLOW)[Symbol.asyncIterator]();
  for (let line = 0; line < 3; line++) await stream.next();
  await node.stopMachine();
  await expect(stream.next()).rejects.toMatchObject({ kind: 'unavailable' });
});

test('a node that vanishes under a stream is unavailable, and the other nodes of the call go on', async () => {
  await using scope = new Scope();
  const seen: SeenCall[] = [];
  const far = scope.use(
    await TestNode.start({
      ca,
      services: [testMachine('far')],
      address: '127.0.0.2',
      alsoKnownAs: ['127.0.0.3'],
      isWorker: true,
    }),
  );
  const wire = scope.use(await wireCut('127.0.0.3', far.port, { host: '127.0.0.2', port: far.port }));
  const limits = { keepaliveIdleMs: 150, keepaliveTimeoutMs: 150 };
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one', seen)], port: far.port, limits }));
  const api = client(node.dial(), MachineServiceDefinition);
  const one = api.Logs(FOLLOW, { metadata: { node: '127.0.0.3' } })[Symbol.asyncIterator]();
  const many = api.Logs(FOLLOW, { metadata: { nodes: ['127.0.0.1', '127.0.0.3'] } })[Symbol.asyncIterator]();
  for (let line = 0; line < 3; line++) await one.next();
  for (let line = 0; line < 6; line++) await many.next();
  wire.cut();
  await expect(one.next()).rejects.toMatchObject({ kind: 'unavailable' });
  const lost = await many.next();
  expect(lost.value?.metadata).toMatchObject({ hostname: '127.0.0.3', error: expect.stringContaining('code = Unavailable') });
  expect(seen.at(-1)?.context.signal.aborted).toBe(false);
  await many.return?.();
});

test('a node that comes back is reached again', async () => {
  await using scope = new Scope();
  const far = await TestNode.start({ ca, services: [testMachine('far')], address: '127.0.0.2', isWorker: true });
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')], port: far.port }));
  const api = client(node.dial(), MachineServiceDefinition);
  const metadata = { node: '127.0.0.2' };
  await api.Version({}, { metadata });
  await far[Symbol.asyncDispose]();
  await expect(api.Version({}, { metadata })).rejects.toMatchObject({ kind: 'unavailable' });
  scope.use(await TestNode.start({ ca, services: [testMachine('back')], address: '127.0.0.2', port: far.port, isWorker: true }));
  await eventually(() => api.Version({}, { metadata }), { withinMs: 5000 });
});

test('with new certificates streams to other nodes go on, and new calls use them', async () => {
  await using scope = new Scope();
  const far = scope.use(await TestNode.start({ ca, services: [testMachine('far')], address: '127.0.0.2', isWorker: true }));
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')], port: far.port }));
  const api = client(node.dial(), MachineServiceDefinition);
  const metadata = { node: '127.0.0.2' };
  const stream = api.Read({ path: '300' }, { metadata })[Symbol.asyncIterator]();
  await stream.next();
  await node.replaceCertificates(certificates(ca, ['127.0.0.1'], false));
  await eventually(() => expect(node.log.lines.filter((l) => l.message === 'certificates taken').length).toBe(2), {
    withinMs: 2000,
  });
  await api.Version({}, { metadata });
  let read = 1;
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) read++;
  expect(read).toBe(300);
});

test('more cancelled calls than a server forgives leave the other calls alone', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const api = client(node.dial(), MachineServiceDefinition);
  const leave = new AbortController();
  const stream = api.Logs(FOLLOW, { signal: leave.signal })[Symbol.asyncIterator]();
  for (let line = 0; line < 3; line++) await stream.next();
  const stillOpen = stream.next();
  for (let round = 0; round < 20; round++) {
    const stop = new AbortController();
    const calls = Array.from({ length: 100 }, () => api.LoadAvg({}, { signal: stop.signal }));
    await api.Version({});
    stop.abort();
    await Promise.allSettled(calls);
  }
  expect((await api.Version({})).messages.length).toBe(1);
  expect(await Promise.race([stillOpen, Promise.resolve('open')])).toBe('open');
  leave.abort();
  await expect(stillOpen).rejects.toMatchObject({ kind: 'cancelled' });
});
