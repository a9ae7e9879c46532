// node pass-through.ts <port> <socket> <certificate> <key>: the least that a gRPC proxy on node:http2 can be, to compare with.
import { readFileSync } from 'node:fs';
import { connect, createSecureServer, type IncomingHttpHeaders, type ServerHttp2Stream } from 'node:http2';
import { connect as connectSocket } from 'node:net';

const [port, socketPath = '', certPath = '', keyPath = ''] = process.argv.slice(2);
const settings = { initialWindowSize: 1024 * 1024, maxConcurrentStreams: 10_000 };
const backend = connect('http://localhost', { createConnection: () => connectSocket(socketPath), settings });
backend.once('connect', () => backend.setLocalWindowSize(4 * 1024 * 1024));
const server = createSecureServer({ cert: readFileSync(certPath), key: readFileSync(keyPath), settings });
server.on('session', (session) => {
  session.setLocalWindowSize(4 * 1024 * 1024);
  session.on('stream', forward);
});
function forward(front: ServerHttp2Stream, headers: IncomingHttpHeaders): void {
  const { ':authority': _authority, ...rest } = headers;
  const back = backend.request({ ...rest, ':scheme': 'http' });
  let trailers: IncomingHttpHeaders = {};
  back.on('response', (reply) => front.respond(reply, { waitForTrailers: true }));
  back.on('trailers', (last) => {
    trailers = last;
  });
  front.on('wantTrailers', () => front.sendTrailers(trailers));
  front.on('error', () => back.close());
  back.on('error', () => front.close());
  front.pipe(back);
  back.pipe(front);
}
server.listen(Number(port), '127.0.0.1', () => console.log('ready'));
