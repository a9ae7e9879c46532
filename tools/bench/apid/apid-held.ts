import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { type ConnectionOptions, connect as connectTls } from 'node:tls';
import { systemClock } from '@minos/base';
import type { BenchContext, Figure, Measurement } from '../measurement.ts';
import { residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const IDLE = 400;
/** What apid takes, in all and from one address. */
const MOST = 1000;
const MOST_OF_ONE = 500;
const RESOURCE_EXHAUSTED = 8;
const STALLED = 8;
const BYTES = 1024 * 1024 * 1024;
const EMPTY = Buffer.alloc(5);
const HEADERS = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };

function pause(ms: number): Promise<void> {
  return systemClock.sleep(ms, AbortSignal.timeout(ms * 10));
}

/** How a client shows itself, and from which address. */
type ClientTls = ConnectionOptions & { readonly localAddress?: string };

async function connected(port: number, more: ClientTls = {}): Promise<ClientHttp2Session> {
  const settings = { initialWindowSize: 65_535 };
  const tls: ClientTls = { host: '127.0.0.1', port, ALPNProtocols: ['h2'], rejectUnauthorized: false, ...more };
  const session = connect(`https://127.0.0.1:${port}`, { settings, createConnection: () => connectTls(tls) });
  session.on('error', () => undefined);
  await once(session, 'connect');
  return session;
}

/** Starts a long answer that is not read. */
function stall(session: ClientHttp2Session): void {
  const stream = session.request({ ...HEADERS, ':path': '/machine.MachineService/Dmesg' });
  stream.on('error', () => undefined);
  stream.end(EMPTY);
}

/** Reads so many bytes of a long answer. */
async function readSome(session: ClientHttp2Session, bytes: number): Promise<void> {
  const stream = session.request({ ...HEADERS, ':path': '/machine.MachineService/Dmesg' });
  stream.on('error', () => undefined);
  stream.end(EMPTY);
  let left = bytes;
  for await (const part of stream) {
    left -= part.length;
    if (left <= 0) break;
  }
}

/** What apid keeps for connections that do nothing, and for answers that nobody reads. */
export const apidHeld: Measurement = {
  name: 'apid:held',
  run: async ({ root, node }) => {
    await using stage = await Stage.set({ root, node, nodes: 1, streamBytes: BYTES });
    const pid = await stage.startApid();
    const warm = await connected(stage.apidPort);
    await readSome(warm, 64 * 1024 * 1024);
    const before = await residentMib(pid);
    const slow = await Promise.all([connected(stage.apidPort), connected(stage.apidPort)]);
    stall(slow[0]);
    for (let n = 0; n < STALLED; n++) stall(slow[1]);
    await pause(2000);
    await readSome(warm, 64 * 1024 * 1024);
    const stalled = (await residentMib(pid)) - before;
    for (const session of [...slow, warm]) session.destroy();
    await stage.end(pid);
    return [
      { name: 'slow reader and 8 stalled streams: growth', value: Number(stalled.toFixed(1)), unit: 'MiB', atMost: 16 },
      ...(await idleConnections({ root, node })),
    ];
  },
};

/** Connections of clients with certificates that do nothing, up to one more than are taken. */
async function idleConnections({ root, node }: Pick<BenchContext, 'root' | 'node'>): Promise<Figure[]> {
  await using stage = await Stage.set({ root, node, nodes: 1, streamBytes: 0, isMutual: true });
  const pid = await stage.startApid();
  const [cert, key] = await Promise.all(['client.crt', 'client.key'].map((name) => readFile(join(stage.folder, name))));
  const all: ClientHttp2Session[] = [];
  const open = async (from: string): Promise<ClientHttp2Session> => {
    const session = await connected(stage.apidPort, { cert, key, localAddress: from });
    all.push(session);
    return session;
  };
  // Warm, and what the first connections load is not counted.
  for (let n = 0; n < 20; n++) await open('127.0.0.1');
  const before = await residentMib(pid);
  for (let n = 0; n < IDLE; n += 20) await Promise.all(Array.from({ length: 20 }, () => open('127.0.0.1')));
  await pause(1000);
  const each = (((await residentMib(pid)) - before) * 1024) / IDLE;
  while (all.length < MOST) {
    const from = `127.0.0.${2 + Math.floor(all.length / MOST_OF_ONE)}`;
    await Promise.all(Array.from({ length: Math.min(20, MOST - all.length) }, () => open(from)));
  }
  const status = await statusOf(await open('127.0.0.9'));
  for (const session of all) session.destroy();
  return [
    { name: 'idle mTLS connection', value: Math.round(each), unit: 'KiB', atMost: 80 },
    {
      name: `connection ${MOST + 1}: status (8 is RESOURCE_EXHAUSTED)`,
      value: status,
      unit: '',
      atLeast: RESOURCE_EXHAUSTED,
      atMost: RESOURCE_EXHAUSTED,
    },
  ];
}

/** The gRPC status of a call on a connection. */
async function statusOf(session: ClientHttp2Session): Promise<number> {
  const stream = session.request({ ...HEADERS, ':path': '/machine.MachineService/Version', 'talos-role': 'os:reader' });
  stream.end(EMPTY);
  stream.resume();
  const [headers] = await once(stream, 'response');
  stream.destroy();
  return Number(headers['grpc-status'] ?? 0);
}
