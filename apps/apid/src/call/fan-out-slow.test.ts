import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, test } from '@jest/globals';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope, systemClock } from '@minos/base';
import { Engine, Field, type Half, Head, type Peer } from '@minos/http2';
import { normalizePrivateKeyPem } from '@minos/pki';
import { client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { testMachine } from '../testing/machine.ts';
import { TestNode } from '../testing/node.ts';
import { serverCertificate, testAuthority } from '../testing/pki.ts';

const NODES = Array.from({ length: 70 }, (_, n) => `127.0.2.${n + 1}`);
const MIB = 1024 * 1024;
const OK = new Head([new Field(':status', '200'), new Field('content-type', 'application/grpc')], true);
const TRAILERS = new Head([new Field('grpc-status', '0')], true);
const ca = testAuthority();

/** Nodes that send messages of 1 MiB, so many each, as fast as they may; counts the bytes that they got rid of. */
async function flood(scope: Scope, messages: number): Promise<{ readonly port: number; sent(): number }> {
  const engine = new Engine({ clock: systemClock });
  const own = serverCertificate(ca, NODES);
  const message = Buffer.alloc(MIB + 9);
  // A common.Data with MIB bytes in it.
  message.writeUInt32BE(MIB + 4, 1);
  message.set([0x12, 0x80, 0x80, 0x40], 5);
  let sent = 0;
  const request = (half: Half): void => {
    let left = messages;
    const next = (): void => {
      for (; left > 0 && half.waitingBytes === 0 && !half.isGone; left--) half.data(message, 0, message.length, false);
      if (left > 0 || half.isGone) return;
      left = -1;
      half.head(TRAILERS, true);
    };
    const peer: Peer = {
      head: () => undefined,
      data: (_bytes, start, end) => half.passed(end - start),
      passed: (bytes) => {
        sent += bytes;
        if (left > 0) setImmediate(next);
      },
      reset: () => undefined,
    };
    half.peer = peer;
    half.head(OK, false);
    setImmediate(next);
  };
  const tls = { cert: own.certPem, key: normalizePrivateKeyPem(own.keyPem), ca: ca.certPem, requestCert: true };
  const server = createServer({ ...tls, minVersion: 'TLSv1.3', ALPNProtocols: ['h2'] }, (socket) => {
    const conn = engine.open(socket, { role: 'server', owner: { request } });
    socket.on('data', (bytes: Buffer) => conn.receive(bytes));
    scope.use(() => conn.destroy('done'));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  scope.use(() => void server.close());
  return { port: (server.address() as AddressInfo).port, sent: () => sent };
}

test('a client that does not read what many nodes send stops them, loses nothing, and goes on when it reads', async () => {
  await using scope = new Scope();
  const nodes = await flood(scope, 2);
  const apid = scope.use(await TestNode.start({ ca, services: [testMachine('one')], remotePort: nodes.port }));
  const api = client(apid.dial(), MachineServiceDefinition);
  const stream = api.Read({ path: 'x' }, { metadata: { nodes: NODES } })[Symbol.asyncIterator]();
  expect((await stream.next()).value).toMatchObject({ metadata: { error: '' } });
  // Until nothing moves any more for as long as it takes apid to look after its limits.
  let before = -1;
  await eventually(
    async () => {
      const now = nodes.sent();
      const isStill = now === before;
      before = now;
      await systemClock.sleep(1500, AbortSignal.timeout(10_000));
      expect(isStill && nodes.sent() === now).toBe(true);
    },
    { withinMs: 60_000 },
  );
  expect(nodes.sent()).toBeLessThan(60 * MIB);
  let bytes = MIB;
  const failed: string[] = [];
  for (let next = await stream.next(); next.done !== true; next = await stream.next()) {
    bytes += next.value.bytes.length;
    if (next.value.metadata?.error) failed.push(next.value.metadata.error);
  }
  expect({ failed, mib: bytes / MIB }).toEqual({ failed: [], mib: 2 * NODES.length });
}, 120_000);
