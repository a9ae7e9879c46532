// node nodes.ts <folder of ca.crt and ca.key> <port> <nodes>: so many nodes at 127.1.x.y, each with a certificate of its own for
// its address alone, as real ones have: what a certificate holds stays in memory with each connection. They ask for
// certificates of clients, and answer every call with one small message.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createServer } from 'node:tls';
import { systemClock } from '@minos/base';
import { Engine, Field, type Half, Head, type Peer } from '@minos/http2';
import { issueCertificate, normalizePrivateKeyPem } from '@minos/pki';

const HOUR_MS = 3_600_000;
const [folder = '', port, count] = process.argv.slice(2);
const text = (name: string): string => readFileSync(join(folder, name), 'utf8');
const ca = { certPem: text('ca.crt'), keyPem: text('ca.key') };
const reply = Buffer.from('000000000d0a0b12090a0776312e31342e30', 'hex');
const OK = new Head([new Field(':status', '200'), new Field('content-type', 'application/grpc')], true);
const TRAILERS = new Head([new Field('grpc-status', '0')], true);
const engine = new Engine({ clock: systemClock });

/** Answers when the request has ended. */
function answering(half: Half): Peer {
  return {
    head: () => undefined,
    data: (_bytes, start, end, isEnd) => {
      half.passed(end - start);
      if (!isEnd) return;
      half.head(OK, false);
      half.data(reply, 0, reply.length, false);
      half.head(TRAILERS, true);
    },
    passed: () => undefined,
    reset: () => undefined,
  };
}

for (let n = 0; n < Number(count); n++) {
  const host = `127.1.${n >> 8}.${n & 255}`;
  const times = { notBeforeMs: Date.now() - HOUR_MS, ttlMs: 24 * HOUR_MS };
  const own = issueCertificate({ ca, ...times, subject: { commonName: host }, ipAddresses: [host], usages: ['serverAuth'] });
  const tls = { cert: own.certPem, key: normalizePrivateKeyPem(own.keyPem), ca: ca.certPem, requestCert: true };
  const server = createServer({ ...tls, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] }, (socket) => {
    const owner = {
      request: (half: Half): void => {
        half.peer = answering(half);
      },
    };
    const conn = engine.open(socket, { role: 'server', owner });
    socket.setNoDelay(true);
    socket.on('data', (bytes: Buffer) => conn.receive(bytes));
  });
  server.on('tlsClientError', (e) => console.error(String(e)));
  await new Promise<void>((resolve) => server.listen(Number(port), host, 64, resolve));
}
console.log('ready');
