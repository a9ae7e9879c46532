import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { systemClock } from '@minos/base';
import type { Measurement } from '../measurement.ts';
import { residentMib } from './process-use.ts';
import { Stage } from './stage.ts';

const IDLE = 400;
const STALLED = 8;
const BYTES = 1024 * 1024 * 1024;
const EMPTY = Buffer.alloc(5);
const HEADERS = { ':method': 'POST', 'content-type': 'application/grpc', te: 'trailers' };

function pause(ms: number): Promise<void> {
  return systemClock.sleep(ms, AbortSignal.timeout(ms * 10));
}

async function connected(port: number): Promise<ClientHttp2Session> {
  const session = connect(`https://127.0.0.1:${port}`, { rejectUnauthorized: false, settings: { initialWindowSize: 65_535 } });
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
    for (const session of slow) session.destroy();
    await pause(1000);
    const empty = await residentMib(pid);
    const idle = await Promise.all(Array.from({ length: IDLE }, () => connected(stage.apidPort)));
    await pause(1000);
    const each = (((await residentMib(pid)) - empty) * 1024) / IDLE;
    for (const session of [...idle, warm]) session.destroy();
    return [
      { name: 'slow reader and 8 stalled streams: growth', value: Number(stalled.toFixed(1)), unit: 'MiB', atMost: 16 },
      { name: 'idle TLS connection', value: Math.round(each), unit: 'KiB', atMost: 80 },
    ];
  },
};
