// node fan-out-loop.ts bare|apid <rounds> <port> <nodes> <folder of ca.crt, client.crt, client.key> [<apid port>]
// Calls Version on many nodes at once: by itself over one connection for each, or through an apid with one call.
// Prints { cold, warm }: milliseconds of the first round, and the median of the others.
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';

const [mode, rounds, port, count, folder = '', apidPort] = process.argv.slice(2);
const file = (name: string): Buffer => readFileSync(join(folder, name));
const tls = { ca: file('ca.crt'), cert: file('client.crt'), key: file('client.key'), ALPNProtocols: ['h2'] };
const nodes = Array.from({ length: Number(count) }, (_, n) => `127.1.${n >> 8}.${n & 255}`);
const EMPTY = Buffer.alloc(5);
const HEADERS = {
  ':method': 'POST',
  ':path': '/machine.MachineService/Version',
  'content-type': 'application/grpc',
  te: 'trailers',
};

function dial(host: string, to: number): ClientHttp2Session {
  const session = connect(`https://${host}:${to}`, { createConnection: () => connectTls({ ...tls, host, port: to }) });
  session.on('error', (e) => {
    throw e;
  });
  return session;
}

function call(session: ClientHttp2Session, more: Record<string, string | readonly string[]> = {}): Promise<number> {
  return new Promise((resolve, reject) => {
    const stream = session.request({ ...HEADERS, ...more });
    let bytes = 0;
    stream.on('data', (part: Buffer) => {
      bytes += part.length;
    });
    stream.on('error', reject);
    stream.on('end', () => resolve(bytes));
    stream.end(EMPTY);
  });
}

async function timed(round: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await round();
  return performance.now() - started;
}

const sessions: ClientHttp2Session[] = [];
if (mode === 'apid') sessions.push(dial('127.0.0.1', Number(apidPort)));
const round = async (): Promise<void> => {
  if (mode === 'apid') {
    const [session] = sessions;
    const bytes = session === undefined ? 0 : await call(session, { nodes });
    if (bytes < nodes.length * 20) throw new Error(`only ${bytes} bytes came back`);
    return;
  }
  if (sessions.length === 0) sessions.push(...nodes.map((node) => dial(node, Number(port))));
  await Promise.all(sessions.map((session) => call(session)));
};
const cold = await timed(round);
const times: number[] = [];
for (let n = 0; n < Number(rounds); n++) times.push(await timed(round));
times.sort((a, b) => a - b);
console.log(JSON.stringify({ cold, warm: times[Math.floor(times.length / 2)] }));
for (const session of sessions) session.destroy();
