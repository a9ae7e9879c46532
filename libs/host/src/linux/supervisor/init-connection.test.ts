import { once } from 'node:events';
import { createConnection, createServer, type Socket } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { isFault, Scope } from '@minos/base';
import { tempDir } from '@minos/testkit';
import type { SpawnSpec, Supervisor, SupervisorEvent } from '../../port/supervisor.ts';
import { ASK, SAY } from './codec.ts';
import { FrameSplitter } from './frame-splitter.ts';
import { connectSupervisor, openSupervisor } from './open-supervisor.ts';
import { WireReader, WireWriter } from './wire.ts';

let scope: Scope;
beforeEach(() => {
  scope = new Scope();
});
afterEach(() => scope.close());

const SPEC: SpawnSpec = {
  id: 'a',
  argv: ['/x'],
  env: {},
  uid: 0,
  gid: 0,
  groups: [],
  capabilities: [],
  cgroup: undefined,
  noFile: undefined,
  oomScoreAdj: undefined,
};

type Reply = (type: number, request: number, init: Socket) => void;

/** A supervisor whose other end answers the greeting itself and hands every other request to `reply`. */
async function connect(reply: Reply, version = 1): Promise<{ supervisor: Supervisor; init: Socket }> {
  const directory = scope.use(await tempDir('supervisor'));
  const path = directory.file('init.sock');
  const server = createServer();
  scope.use(() => void server.close());
  server.listen(path);
  const accepted = once(server, 'connection');
  const client = createConnection(path);
  await once(client, 'connect');
  const [init]: Socket[] = await accepted;
  if (init === undefined) throw new Error('no connection');
  scope.use(() => void init.destroy());
  const splitter = new FrameSplitter();
  init.on('data', (chunk: Buffer) => {
    for (const frame of splitter.push(chunk)) {
      const reader = new WireReader(frame);
      const type = reader.uint(1);
      const request = reader.uint(4);
      if (type === ASK.hello) init.write(new WireWriter(SAY.hello, request).uint(version, 2).uint(5, 4).finish());
      else reply(type, request, init);
    }
  });
  const supervisor = scope.use(await connectSupervisor(client));
  return { supervisor, init };
}

function processFrame(request: number, id: string): Buffer {
  const frame = new WireWriter(SAY.process, request).text(id).uint64(1n).uint(10, 4).uint64(0n).uint(0, 1);
  return frame.uint(0, 1).uint(0, 1).uint(0, 1).text('').finish();
}

test('the greeting tells how often machined was started', async () => {
  const { supervisor } = await connect(() => undefined);
  expect(supervisor.machinedStarts).toBe(5);
});

test('another version of the protocol is a precondition that fails', async () => {
  await expect(connect(() => undefined, 2)).rejects.toMatchObject({ kind: 'precondition' });
});

test('a list is all processes up to the end of the answer, and answers may come in any order', async () => {
  const later: (() => void)[] = [];
  const { supervisor } = await connect((type, request, init) => {
    if (type === ASK.spawn) later.push(() => init.write(processFrame(request, 'a')));
    if (type !== ASK.list) return;
    for (const id of ['x', 'y']) init.write(processFrame(request, id));
    init.write(new WireWriter(SAY.done, request).finish());
    for (const answer of later) answer();
  });
  const [started, listed] = await Promise.all([supervisor.spawn(SPEC), supervisor.list()]);
  expect(listed.map((p) => p.id)).toEqual(['x', 'y']);
  expect(started.id).toBe('a');
});

test('an error of init becomes a Fault of its kind that names the service', async () => {
  const { supervisor } = await connect((_type, request, init) => {
    init.write(new WireWriter(SAY.error, request).uint(2, 1).text('a process lives under this id').finish());
  });
  await expect(supervisor.spawn(SPEC)).rejects.toMatchObject({ kind: 'exists', fields: { service: 'a' } });
});

test('a wish to stop that came before there was a reader is not lost, and the events end with init', async () => {
  const { supervisor, init } = await connect((_type, request) => {
    init.write(new WireWriter(SAY.stopEvent, 0).uint(1, 1).finish());
    init.write(new WireWriter(SAY.done, request).finish());
  });
  await supervisor.ready();
  const events = supervisor.events(new AbortController().signal);
  expect(() => supervisor.events(new AbortController().signal)).toThrow('reader already');
  init.end(new WireWriter(SAY.readyEvent, 0).text('a').uint64(7n).finish());
  const seen: SupervisorEvent[] = [];
  for await (const event of events) seen.push(event);
  expect(seen).toEqual([
    { kind: 'stop-requested', action: 'reboot' },
    { kind: 'ready', id: 'a', generation: 7 },
  ]);
});

test('what waits when init is gone, or speaks nonsense, fails as unavailable or as lost data', async () => {
  const gone = await connect((_type, _request, init) => init.destroy());
  await expect(gone.supervisor.list()).rejects.toMatchObject({ kind: 'unavailable' });
  await expect(gone.supervisor.list()).rejects.toMatchObject({ kind: 'unavailable' });
  const wrong = await connect((_type, _request, init) => void init.write(Buffer.alloc(32, 0xff)));
  await expect(wrong.supervisor.list()).rejects.toMatchObject({ kind: 'data-loss' });
});

test('a file descriptor that is no socket is a precondition that fails', async () => {
  const failure = await openSupervisor(9_999).catch((e: unknown) => e);
  expect(isFault(failure, 'precondition')).toBe(true);
});
