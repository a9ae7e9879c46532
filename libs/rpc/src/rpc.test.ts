import { connect } from 'node:net';
import { expect, test } from '@jest/globals';
import { Fault, Scope, silentLogger } from '@minos/base';
import { eventually, tempDir } from '@minos/testkit';
import {
  type Admission,
  type Authorize,
  type BoundService,
  bindService,
  client,
  dial,
  type MessageCodec,
  type RpcChannel,
  serve,
} from './index.ts';

interface Note {
  readonly text: string;
}

const codec: MessageCodec<Note> = {
  encode: (message) => ({ finish: () => Buffer.from(message.text) }),
  decode: (input) => ({ text: Buffer.from(input).toString() }),
};
const shape = { requestType: codec, responseType: codec } as const;
const definition = {
  name: 'Notes',
  fullName: 'test.Notes',
  methods: {
    one: { ...shape, name: 'One', requestStream: false, responseStream: false },
    many: { ...shape, name: 'Many', requestStream: false, responseStream: true },
    sum: { ...shape, name: 'Sum', requestStream: true, responseStream: false },
    both: { ...shape, name: 'Both', requestStream: true, responseStream: true },
    absent: { ...shape, name: 'Absent', requestStream: false, responseStream: false },
  },
} as const;

async function* notes(...texts: string[]): AsyncGenerator<Note> {
  for (const text of texts) yield { text };
}

async function start(scope: Scope, service: BoundService): Promise<RpcChannel> {
  const dir = scope.use(await tempDir('rpc'));
  const path = dir.file('a.sock');
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger }));
  return scope.use(dial({ kind: 'unix', path }));
}

async function collect(stream: AsyncIterable<Note>): Promise<string[]> {
  const out: string[] = [];
  for await (const note of stream) out.push(note.text);
  return out;
}

const full = bindService(definition, {
  One: async (request, context) => ({ text: `${request.text} ${context.metadata.all('node').join('|')}` }),
  Many: (request) => notes(...Array.from({ length: Number(request.text) }, (_, i) => String(i))),
  Sum: async (requests) => ({ text: (await collect(requests)).join('+') }),
  Both: async function* (requests) {
    for await (const note of requests) yield { text: note.text.toUpperCase() };
  },
});

test('all four shapes of a method carry messages both ways', async () => {
  await using scope = new Scope();
  const api = client(await start(scope, full), definition);
  expect(await api.One({ text: 'hello' }, { metadata: { node: ['a', 'b'] } })).toEqual({ text: 'hello a|b' });
  expect(await collect(api.Many({ text: '3' }))).toEqual(['0', '1', '2']);
  expect(await api.Sum(notes('1', '2'))).toEqual({ text: '1+2' });
  expect(await collect(api.Both(notes('x', 'y')))).toEqual(['X', 'Y']);
});

test('a fault crosses the wire with its kind and message, and anything else as an internal error without its text', async () => {
  await using scope = new Scope();
  const service = bindService(definition, {
    One: () => Promise.reject(new Fault('precondition', 'not now')),
    Sum: () => Promise.reject(new Error('secret path')),
    Many: async function* () {
      yield { text: 'first' };
      throw new Fault('missing', 'no more');
    },
  });
  const api = client(await start(scope, service), definition);
  await expect(api.One({ text: '' })).rejects.toMatchObject({ kind: 'precondition', message: 'not now' });
  await expect(api.Sum(notes())).rejects.toMatchObject({ kind: 'internal', message: expect.not.stringContaining('secret') });
  await expect(collect(api.Many({ text: '' }))).rejects.toMatchObject({ kind: 'missing' });
  await expect(api.Absent({ text: '' })).rejects.toMatchObject({
    kind: 'unimplemented',
    message: expect.stringContaining('/test.Notes/Absent'),
  });
});

test('a caller that leaves a stream cancels the handler', async () => {
  await using scope = new Scope();
  let cancelled = false;
  const service = bindService(definition, {
    Many: async function* (_request, context) {
      context.signal.addEventListener('abort', () => {
        cancelled = true;
      });
      for (;;) {
        yield { text: 'x'.repeat(1000) };
        await new Promise((resolve) => setImmediate(resolve));
      }
    },
  });
  const api = client(await start(scope, service), definition);
  for await (const _ of api.Many({ text: '' })) break;
  await eventually(() => expect(cancelled).toBe(true), { withinMs: 2000 });
});

test('a call that is out of time fails with a deadline fault', async () => {
  await using scope = new Scope();
  const service = bindService(definition, { One: () => new Promise(() => undefined) });
  const api = client(await start(scope, service), definition);
  await expect(api.One({ text: '' }, { timeoutMs: 50 })).rejects.toMatchObject({ kind: 'deadline' });
});

test('a call to nobody fails as unavailable, and works once somebody is there', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('rpc'));
  const path = dir.file('late.sock');
  const api = client(scope.use(dial({ kind: 'unix', path })), definition);
  await expect(api.One({ text: '' })).rejects.toMatchObject({ kind: 'unavailable' });
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [full], log: silentLogger }));
  await eventually(() => api.One({ text: 'late' }), { withinMs: 5000 });
});

test('a connection that is not admitted is closed before it is read', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('rpc'));
  const path = dir.file('a.sock');
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [full], log: silentLogger, admit: () => false }));
  const socket = connect(path);
  await new Promise((resolve) => socket.once('close', resolve));
});

test('what admits a connection may say who decides its calls', async () => {
  await using scope = new Scope();
  const path = scope.use(await tempDir('rpc')).file('a.sock');
  const roles = bindService(definition, { One: async (_request, context) => ({ text: [...context.roles].join() }) });
  const second: Authorize = ({ method }) => {
    if (method !== '/test.Notes/One') throw new Fault('denied', 'only One');
    return new Set(['second']);
  };
  const admissions: Admission[] = [true, second, true, second];
  const server = await serve({
    listen: { kind: 'unix', path },
    services: [roles],
    log: silentLogger,
    authorize: () => new Set(['first']),
    admit: () => admissions.shift() ?? false,
  });
  scope.use(server);
  const answers: string[] = [];
  for (let i = 0; i < 4; i++) {
    const api = client(scope.use(dial({ kind: 'unix', path })), definition);
    answers.push((await api.One({ text: '' })).text);
    await expect(api.Sum(notes('1'))).rejects.toMatchObject({ kind: i % 2 === 0 ? 'unimplemented' : 'denied' });
  }
  expect(answers).toEqual(['first', 'second', 'first', 'second']);
});

test('a socket file that a dead process left behind is replaced', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('rpc'));
  const path = dir.file('a.sock');
  const { createServer } = await import('node:net');
  const { link } = await import('node:fs/promises');
  const old = createServer().listen(`${path}.old`);
  await new Promise((resolve) => old.once('listening', resolve));
  await link(`${path}.old`, path);
  await new Promise((resolve) => old.close(resolve));
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [full], log: silentLogger }));
  const api = client(scope.use(dial({ kind: 'unix', path })), definition);
  expect(await api.Sum(notes('1'))).toEqual({ text: '1' });
});
