import { readFile } from 'node:fs/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { type KeyPairPem, newCertificateAuthority, normalizePrivateKeyPem } from '@minos/pki';
import { type Client, client, dial } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { clientCertificate, clusterAuthority, clusterContext } from '../../harness/cluster-pki.ts';

let cluster: Cluster;
let ca: KeyPairPem;
beforeAll(async () => {
  cluster = await startCluster({ name: 'refused', workers: 1 });
  ca = await clusterAuthority(cluster);
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

async function api(scope: Scope, pair: KeyPairPem | undefined): Promise<Client<typeof MachineServiceDefinition>> {
  const context = await clusterContext(cluster);
  const own = pair === undefined ? {} : { cert: pair.certPem, key: normalizePrivateKeyPem(pair.keyPem) };
  const channel = dial({ kind: 'tcp', host: cluster.controlPlane.address, port: 50000, tls: { ca: context.caPem, ...own } });
  return client(scope.use(channel), MachineServiceDefinition);
}

const HOUR_MS = 3_600_000;
const strangers: readonly [string, () => KeyPairPem | undefined][] = [
  ['no certificate', () => undefined],
  [
    'an expired certificate',
    () => clientCertificate({ ca, roles: ['os:admin'], notBeforeMs: Date.now() - 2 * HOUR_MS, ttlMs: HOUR_MS }),
  ],
  [
    'a certificate of another authority of the same name',
    () => clientCertificate({ ca: newCertificateAuthority({ organization: 'talos', nowMs: Date.now() }), roles: ['os:admin'] }),
  ],
  ['a certificate for servers', () => clientCertificate({ ca, roles: ['os:admin'], usages: ['serverAuth'] })],
  [
    'a certificate for servers and clients',
    () => clientCertificate({ ca, roles: ['os:admin'], usages: ['serverAuth', 'clientAuth'] }),
  ],
];

test.each(strangers)('a client with %s does not get in', async (_what, pair) => {
  await using scope = new Scope();
  const stranger = await api(scope, pair());
  await expect(stranger.Version({}, { timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'unavailable' });
});

test('an admin gets in', async () => {
  await using scope = new Scope();
  const admin = await api(scope, clientCertificate({ ca, roles: ['os:admin'] }));
  expect((await admin.Version({}, { timeoutMs: 10_000 })).messages).toHaveLength(1);
});

test('a reader reads, and is refused where it would change something', async () => {
  await using scope = new Scope();
  const reader = await api(scope, clientCertificate({ ca, roles: ['os:reader'] }));
  expect((await reader.Hostname({}, { timeoutMs: 10_000 })).messages).toHaveLength(1);
  await expect(reader.Reboot({ mode: 0 }, { timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'denied' });
});

test('a certificate without roles may not say in a header that it has some', async () => {
  await using scope = new Scope();
  const nobody = await api(scope, clientCertificate({ ca, roles: [] }));
  for (const metadata of [{}, { 'talos-role': 'os:admin' }, { 'talos-role': ['os:admin', 'os:impersonator'], proxyfrom: 'x' }]) {
    await expect(nobody.Version({}, { metadata, timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'denied' });
  }
});

test('a reader does not become an admin on another node', async () => {
  await using scope = new Scope();
  const reader = await api(scope, clientCertificate({ ca, roles: ['os:reader'] }));
  const metadata = { node: cluster.workers[0]?.address ?? '', 'talos-role': 'os:admin' };
  await expect(reader.Reboot({ mode: 0 }, { metadata, timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'denied' });
});

test('a certificate that expires while its connection stands is refused from then on', async () => {
  await using scope = new Scope();
  const brief = await api(scope, clientCertificate({ ca, roles: ['os:reader'], ttlMs: 4000 }));
  await brief.Hostname({}, { timeoutMs: 10_000 });
  await eventually(() => expect(brief.Hostname({}, { timeoutMs: 10_000 })).rejects.toMatchObject({ kind: 'unauthenticated' }), {
    withinMs: 10_000,
    everyMs: 250,
  });
});

test('the socket of machined answers no root from outside the node', async () => {
  const pid = await cluster.controlPlane.pid1();
  expect((await readFile(`/proc/${pid}/status`, 'utf8')).length).toBeGreaterThan(0);
  await using scope = new Scope();
  const path = `/proc/${pid}/root/system/run/machined/machine.sock`;
  const intruder = client(scope.use(dial({ kind: 'unix', path })), MachineServiceDefinition);
  const asAdmin = { metadata: { 'talos-role': 'os:admin' }, timeoutMs: 10_000 };
  for (const call of [() => intruder.Version({}, asAdmin), () => intruder.Reboot({ mode: 0 }, asAdmin)]) {
    await expect(call()).rejects.toMatchObject({ kind: expect.stringMatching(/denied|unavailable/) });
  }
  expect(await cluster.controlPlane.pid1()).toBe(pid);
});
