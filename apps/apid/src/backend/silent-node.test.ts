import { connect, createServer } from 'node:net';
import { Duplex } from 'node:stream';
import { expect, test } from '@jest/globals';
import { Scope, systemClock } from '@minos/base';
import { type Conn, Engine } from '@minos/http2';
import { recordingLogger } from '@minos/testkit';
import type { CallError } from '../call/grpc-status.ts';
import { Backend } from './backend.ts';
import type { OpenSocket } from './backend-conn.ts';

const POLICY = {
  connectTimeoutMs: 800,
  silentTimeoutMs: 60,
  patienceMs: 0,
  backoff: { firstMs: 1, factor: 1, maxMs: 1 },
};

/** A socket whose other end never answers. */
function silent(): Duplex {
  return new Duplex({ read: () => undefined, write: (_chunk, _encoding, done) => done() });
}

/** Asks for a connection; gives it, or why there is none, and after how long. */
async function ask(backend: Backend): Promise<{ readonly got: Conn | CallError; readonly ms: number }> {
  const started = performance.now();
  const got = await new Promise<Conn | CallError>((resolve) => {
    const conn = backend.acquire({ connected: resolve, refused: resolve });
    if (conn !== undefined) resolve(conn);
  });
  return { got, ms: performance.now() - started };
}

test('a node that did not answer costs the next calls little, and the first call after it came back reaches it', async () => {
  await using scope = new Scope();
  const engine = new Engine({ clock: systemClock });
  const server = createServer((socket) => {
    const conn = engine.open(socket, { role: 'server', owner: {} });
    socket.on('data', (bytes: Buffer) => conn.receive(bytes));
    scope.use(() => conn.destroy('done'));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.use(() => void server.close());
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  let isBack = false;
  const open: OpenSocket = (receive) => {
    if (!isBack) return silent();
    const socket = connect(port, '127.0.0.1');
    socket.on('data', receive);
    return socket;
  };
  const backend = new Backend({
    name: '10.0.0.9',
    engine,
    clock: systemClock,
    log: recordingLogger(),
    policy: POLICY,
    open,
  });
  scope.use(() => backend.close());
  const first = await ask(backend);
  expect(first.got).toMatchObject({ code: 14, message: expect.stringContaining('no answer within 800 ms') });
  await systemClock.sleep(5, AbortSignal.timeout(1000));
  const second = await ask(backend);
  expect(second.got).toMatchObject({ code: 14, message: expect.stringContaining('no answer within 60 ms') });
  expect(second.ms).toBeLessThan(first.ms);
  isBack = true;
  await systemClock.sleep(5, AbortSignal.timeout(1000));
  const third = await ask(backend);
  expect(third.got).not.toHaveProperty('code');
});
