import type { AddressInfo } from 'node:net';
import { createServer } from 'node:tls';
import { expect, test } from '@jest/globals';
import { VersionResponse } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { normalizePrivateKeyPem, selfSigned } from '@minos/pki';
import { eventually } from '@minos/testkit';
import { testEndpoint } from '../testing/test-cluster.ts';

const OTHER = '4ywGw9TNyY1yxtVMTZQFsEDV5rlY6H5pMMnQBZPCCFA=';
const version = VersionResponse.fromPartial({ messages: [{ version: { tag: 'v1.14.0+minos.0.1.0' } }] });

test('a server that nobody signed is refused, and reached by its fingerprint with our certificate', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, { machine: { Version: async () => version } }, { isSelfSigned: true });
  const refused = await endpoint.run('-n', '10.9.0.2', 'version');
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/self-signed certificate.*\n {2}next: .*--cert-fingerprint/);
  // The endpoint takes only clients with a certificate of the authority.
  const pinned = ['-n', '10.9.0.2', '--cert-fingerprint', OTHER, '--cert-fingerprint', endpoint.fingerprint];
  expect(await endpoint.run(...pinned, 'version', '--short')).toMatchObject({ code: 0, stderr: '' });
  expect((await endpoint.run('-n', '10.9.0.2', '--cert-fingerprint', 'ab:cd', 'version')).stderr).toContain('is no fingerprint');
});

test('not a byte of a request goes to a server with another fingerprint', async () => {
  await using scope = new Scope();
  const own = selfSigned({ subject: {}, usages: ['serverAuth'], notBeforeMs: Date.now() - 1000, ttlMs: 60_000 });
  const bytes: number[] = [];
  const left: boolean[] = [];
  const server = createServer({ cert: own.certPem, key: normalizePrivateKeyPem(own.keyPem), ALPNProtocols: ['h2'] }, (socket) => {
    socket.on('error', () => undefined).on('data', (data: Buffer) => bytes.push(data.length));
  });
  server.on('connection', (socket) => socket.once('close', () => left.push(true)));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  scope.use(() => new Promise<void>((resolve) => server.close(() => resolve())));
  const endpoint = await testEndpoint(scope, {});
  const { port } = server.address() as AddressInfo;
  const pinned = ['-e', `127.0.0.1:${port}`, '-n', '10.9.0.2', '--cert-fingerprint', OTHER];
  const { code, stderr } = await endpoint.run(...pinned, 'version');
  expect(code).toBe(1);
  expect(stderr).toContain(`has the fingerprint ${own.fingerprint}, not one of those given`);
  await eventually(() => expect(left.length).toBeGreaterThan(0), { withinMs: 5000 });
  expect(bytes).toEqual([]);
});

test('--insecure shows no certificate and names no node, to one machine', async () => {
  await using scope = new Scope();
  const headers: (readonly string[])[] = [];
  const machine = {
    Version: async (_request: unknown, context: { readonly metadata: { all(name: string): readonly string[] } }) => {
      headers.push(context.metadata.all('node'));
      return version;
    },
  };
  const endpoint = await testEndpoint(scope, { machine }, { isSelfSigned: true, isAnonymous: true });
  const there = `127.0.0.1:${endpoint.port}`;
  expect(await endpoint.run('--minosconfig', '/nowhere', '-n', there, 'version', '--insecure')).toMatchObject({ code: 0 });
  expect(headers).toEqual([[]]);
  const two = await endpoint.run('-n', `${there},127.0.0.2`, 'version', '--insecure');
  expect(two.stderr).toContain('--insecure talks to one machine directly, not 2');
  const reboot = await endpoint.run('-n', there, 'reboot', '--insecure');
  expect(reboot).toMatchObject({ code: 2 });
  expect(reboot.stderr).toContain('--insecure is not for reboot');
});

test('a certificate that nodes will refuse is told before they do', async () => {
  await using scope = new Scope();
  const hour = 3_600_000;
  const expired = await testEndpoint(scope, {}, { clientSpan: { notBeforeMs: Date.now() - 2 * hour, ttlMs: hour } });
  const { code, stderr } = await expired.run('-n', '10.9.0.2', 'version');
  expect(code).toBe(1);
  expect(stderr).toMatch(/^warning: the certificate of context "test" expired at .*; nodes refuse it/);
  expect(stderr).not.toContain('No connection established');
});

test('a node with a port is refused with what to write instead', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  const { code, stderr } = await endpoint.run('-n', '10.9.0.2:50000', 'version');
  expect(code).toBe(1);
  expect(stderr).toContain('a node is named without a port; a port belongs to the endpoint: -e 10.9.0.2:50000');
});

test('an endpoint that cannot be reached is told in plain words', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  const { stderr } = await endpoint.run('-e', '127.0.0.1:1', '-n', '10.9.0.2', 'version');
  expect(stderr).toContain('at: you → endpoint: 127.0.0.1:1: connect ECONNREFUSED 127.0.0.1:1');
});
