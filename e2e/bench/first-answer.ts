// node first-answer.ts <port> <method> [<ca> <certificate> <key>]: asks a port of 127.0.0.1 until the method is answered, over TLS when there
// are files for it; prints `answered` and ends. QEMU takes every connection to a guest at once, so one without an answer is given up soon.
import { readFileSync } from 'node:fs';
import { type ClientHttp2Session, connect } from 'node:http2';
import { setTimeout as sleep } from 'node:timers/promises';
import { normalizePrivateKeyPem } from '@minos/pki';

const [port = '', method = '', caPath, certPath = '', keyPath = ''] = process.argv.slice(2);
const text = (file: string): string => readFileSync(file, 'utf8');
const tls =
  caPath === undefined ? undefined : { ca: text(caPath), cert: text(certPath), key: normalizePrivateKeyPem(text(keyPath)) };
const PATIENCE_MS = 700;
/** A guest that takes long to come up takes long to answer: of the time so far, patience is this part. */
const PATIENCE_PART = 0.1;
const PAUSE_MS = 30;
const EMPTY_MESSAGE = Buffer.alloc(5);

function isAnswered(session: ClientHttp2Session): Promise<boolean> {
  return new Promise((resolve) => {
    session.once('error', () => resolve(false));
    session.once('close', () => resolve(false));
    session.setTimeout(Math.max(PATIENCE_MS, performance.now() * PATIENCE_PART), () => resolve(false));
    const call = session.request({ ':method': 'POST', ':path': method, te: 'trailers', 'content-type': 'application/grpc' });
    call.on('response', (headers) => headers['grpc-status'] !== undefined && resolve(false));
    call.on('trailers', (trailers) => resolve(Number(trailers['grpc-status']) === 0));
    call.on('error', () => resolve(false));
    call.resume();
    call.end(EMPTY_MESSAGE);
  });
}

for (;;) {
  const session = connect(`${tls === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, tls ?? {});
  const done = await isAnswered(session);
  session.destroy();
  if (done) break;
  await sleep(PAUSE_MS);
}
console.log('answered');
