import { connect, type TLSSocket } from 'node:tls';
import { expect, test } from '@jest/globals';
import { LogsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type KeyPairPem, normalizePrivateKeyPem } from '@minos/pki';
import { client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type SeenCall, testMachine } from '../testing/machine.ts';
import { certificates, TestNode } from '../testing/node.ts';
import { clientCertificate, testAuthority } from '../testing/pki.ts';

const ca = testAuthority();
const FOLLOW = LogsRequest.fromPartial({ id: 'x', follow: true });

function tlsTo(node: TestNode, who: KeyPairPem | undefined, more: object = {}): TLSSocket {
  const own = who === undefined ? {} : { cert: who.certPem, key: normalizePrivateKeyPem(who.keyPem) };
  const socket = connect({ host: node.address, port: node.port, ca: ca.certPem, ALPNProtocols: ['h2'], ...own, ...more });
  socket.on('error', () => undefined);
  socket.resume();
  return socket;
}

test('who has no good certificate is not let in', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const hour = 3_600_000;
  const strangers: Record<string, KeyPairPem> = {
    'another authority': clientCertificate(testAuthority(), ['os:admin']),
    expired: clientCertificate(ca, ['os:admin'], { notBeforeMs: Date.now() - 2 * hour, ttlMs: hour }),
    'not valid yet': clientCertificate(ca, ['os:admin'], { notBeforeMs: Date.now() + hour, ttlMs: hour }),
    'of a server': clientCertificate(ca, ['os:admin'], { usages: ['serverAuth'] }),
    'of both': clientCertificate(ca, ['os:admin'], { usages: ['serverAuth', 'clientAuth'] }),
  };
  for (const [name, who] of Object.entries(strangers)) {
    const api = client(node.dial(who), MachineServiceDefinition);
    const outcome = await api.Version({}, { timeoutMs: 3000 }).then(
      () => 'let in',
      (e: { kind: string }) => e.kind,
    );
    expect([name, outcome]).toEqual([name, 'unavailable']);
  }
  const nobody = tlsTo(node, undefined);
  await new Promise((resolve) => nobody.once('close', resolve));
  expect(node.log.lines.filter((l) => l.message === 'client refused').length).toBeGreaterThanOrEqual(5);
  await client(node.dial(), MachineServiceDefinition).Version({});
});

test('TLS 1.2 is not spoken, and no session is resumed', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const admin = clientCertificate(ca, ['os:admin']);
  const old = tlsTo(node, admin, { maxVersion: 'TLSv1.2' });
  await new Promise((resolve) => old.once('close', resolve));
  expect(old.getProtocol()).not.toBe('TLSv1.2');
  const first = tlsTo(node, admin);
  let session: Buffer | undefined;
  first.on('session', (s: Buffer) => {
    session = s;
  });
  await new Promise((resolve) => first.once('secureConnect', resolve));
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.destroy();
  const second = tlsTo(node, admin, session === undefined ? {} : { session });
  await new Promise((resolve) => second.once('secureConnect', resolve));
  expect(second.isSessionReused()).toBe(false);
  second.destroy();
});

test('a client that does not say that it speaks HTTP/2 may speak it all the same', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const socket = tlsTo(node, clientCertificate(ca, ['os:admin']), { ALPNProtocols: [] });
  let got = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    got = Buffer.concat([got, bytes]);
  });
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]));
  await eventually(() => expect(got[3]).toBe(4), { withinMs: 2000 });
  socket.destroy();
});

test('a certificate that expires ends what its connection may do', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const start = Date.now();
  const who = clientCertificate(ca, ['os:admin'], { notBeforeMs: start - 60_000, ttlMs: 62_000 });
  const api = client(node.dial(who), MachineServiceDefinition);
  await api.Version({});
  await eventually(() => expect(api.Version({})).rejects.toMatchObject({ kind: 'unauthenticated' }), { withinMs: 4000 });
});

test('a role-less certificate that claims to be an administrator is refused, and a reader may not reboot', async () => {
  await using scope = new Scope();
  const seen: SeenCall[] = [];
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one', seen)] }));
  const metadata = { 'talos-role': 'os:admin' };
  await expect(client(node.dial([]), MachineServiceDefinition).Version({}, { metadata })).rejects.toMatchObject({
    kind: 'denied',
  });
  const reader = client(node.dial(['os:reader']), MachineServiceDefinition);
  await expect(reader.Reboot({ mode: 0 }, { metadata })).rejects.toMatchObject({ kind: 'denied', message: 'not authorized' });
  expect(seen).toEqual([]);
  await reader.Version({}, { metadata });
  expect(seen.at(-1)?.header('talos-role')).toEqual(['os:reader']);
  const operator = client(node.dial(['os:operator']), MachineServiceDefinition);
  await operator.Reboot({ mode: 0 }, { metadata: { token: 'secret-token' } });
  const line = node.log.lines.find((l) => l.message === 'call');
  expect(line?.fields).toMatchObject({
    method: '/machine.MachineService/Reboot',
    roles: ['os:operator'],
    code: 0,
    peer: '127.0.0.1',
  });
  expect(JSON.stringify(node.log.lines)).not.toContain('secret-token');
});

test('new certificates and authorities hold for new connections, and nothing that runs is dropped', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const before = client(node.dial(), MachineServiceDefinition);
  const stream = before.Logs(FOLLOW)[Symbol.asyncIterator]();
  await stream.next();
  const nextCa = testAuthority();
  await node.replaceCertificates(certificates(nextCa, ['127.0.0.1'], false));
  const stranger = tlsTo(node, clientCertificate(nextCa, ['os:admin']), { rejectUnauthorized: false });
  await eventually(() => expect(node.log.lines.filter((l) => l.message === 'certificates taken').length).toBe(2), {
    withinMs: 2000,
  });
  stranger.destroy();
  const welcome = tlsTo(node, clientCertificate(nextCa, ['os:admin']), { ca: nextCa.certPem });
  await new Promise((resolve) => welcome.once('secureConnect', resolve));
  expect(welcome.authorized).toBe(true);
  welcome.destroy();
  const old = tlsTo(node, clientCertificate(ca, ['os:admin']), { rejectUnauthorized: false });
  await new Promise((resolve) => old.once('close', resolve));
  expect((await stream.next()).value?.bytes.toString()).toBe('one 1\n');
  expect((await before.Version({})).messages.length).toBe(1);
  await stream.return?.();
});

test('certificates that cannot be read change nothing', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const good = certificates(ca, ['127.0.0.1'], false);
  await node.replaceCertificates({ ...good, server: { crt: Buffer.from('x'), key: Buffer.from('y') } });
  await eventually(() => expect(node.log.lines.some((l) => l.level === 'error')).toBe(true), { withinMs: 2000 });
  await client(node.dial(), MachineServiceDefinition).Version({});
});

test('in maintenance anybody may read and nobody may change, and targets mean nothing', async () => {
  await using scope = new Scope();
  const service = { nodeRoutingDisabled: true, readonlyRoleMode: true, skipVerifyingClientCert: true };
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')], service }));
  const api = client(node.dial(['os:admin']), MachineServiceDefinition);
  const metadata = { node: '127.0.0.9', 'talos-role': 'os:admin' };
  expect((await api.Version({}, { metadata })).messages.length).toBe(1);
  await expect(api.Reboot({ mode: 0 }, { metadata })).rejects.toMatchObject({ kind: 'denied' });
});

test('a flood of frames that carry nothing ends in GOAWAY, and others do not notice', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')], limits: { floodBurst: 500 } }));
  const api = client(node.dial(), MachineServiceDefinition);
  const socket = tlsTo(node, clientCertificate(ca, ['os:reader']));
  let got = Buffer.alloc(0);
  socket.on('data', (bytes: Buffer) => {
    got = Buffer.concat([got, bytes]);
  });
  socket.write(Buffer.concat([Buffer.from('PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'), Buffer.from([0, 0, 0, 4, 0, 0, 0, 0, 0])]));
  const ping = Buffer.concat([Buffer.from([0, 0, 8, 6, 0, 0, 0, 0, 0]), Buffer.alloc(8)]);
  socket.write(Buffer.concat(Array.from({ length: 2000 }, () => ping)));
  await new Promise((resolve) => socket.once('close', resolve));
  expect(got.toString('latin1')).toContain('too many frames that carry nothing');
  await api.Version({});
});

test('when the service goes away calls that run may end, and it comes back where it is told to', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca, services: [testMachine('one')] }));
  const { apiServiceConfigType } = await import('@minos/resource');
  const api = client(node.dial(), MachineServiceDefinition);
  const reading = api.Read({ path: '100' })[Symbol.asyncIterator]();
  await reading.next();
  await node.state.as('test').remove(apiServiceConfigType, 'apid');
  await eventually(() => expect(node.log.lines.some((l) => l.message === 'not serving any more')).toBe(true), { withinMs: 2000 });
  let read = 1;
  for (let next = await reading.next(); next.done !== true; next = await reading.next()) read++;
  expect(read).toBe(100);
  const spec = {
    listenAddress: `127.0.0.1:${node.port}`,
    nodeRoutingDisabled: false,
    readonlyRoleMode: false,
    skipVerifyingClientCert: false,
  };
  await node.state.as('test').put(apiServiceConfigType, 'apid', spec);
  await eventually(() => api.Version({}), { withinMs: 5000 });
});

test('when the process stops, streams end as unavailable at once, and calls with one answer get a moment', async () => {
  await using scope = new Scope();
  const seen: SeenCall[] = [];
  const far = scope.use(await TestNode.start({ ca, services: [testMachine('two', seen)], address: '127.0.0.2', isWorker: true }));
  const near = scope.use(await TestNode.start({ ca, services: [testMachine('one', seen)], port: far.port }));
  const api = client(near.dial(), MachineServiceDefinition);
  const endOf = (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => 'answered',
      (e: { kind: string; message: string }) => `${e.kind}: ${e.message}`,
    );
  const follow = async (metadata: Record<string, string>): Promise<string[]> => {
    const errors: string[] = [];
    for await (const { metadata: named } of api.Logs(FOLLOW, { metadata })) if (named?.error) errors.push(named.error);
    return errors;
  };
  const streams = [endOf(follow({ node: '127.0.0.2' })), endOf(follow({}))];
  const ofMany = follow({ nodes: '127.0.0.2' });
  const answers = [endOf(api.SystemStat({})), endOf(api.LoadAvg({}))];
  const began = (method: string): number => seen.filter((call) => call.method === method).length;
  await eventually(() => expect([began('Logs'), began('SystemStat')]).toEqual([3, 1]), { withinMs: 3000 });
  const beganMs = performance.now();
  const stopped = near.stop();
  expect(await Promise.all(streams)).toEqual(['unavailable: the node is stopping', 'unavailable: the node is stopping']);
  expect(await ofMany).toEqual([expect.stringContaining('code = Unavailable')]);
  expect(performance.now() - beganMs).toBeLessThan(1000);
  expect(await Promise.all(answers)).toEqual(['answered', 'unavailable: the node is stopping']);
  await stopped;
  expect(performance.now() - beganMs).toBeLessThan(3000);
});
