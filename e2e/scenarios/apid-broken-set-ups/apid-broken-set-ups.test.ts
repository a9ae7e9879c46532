import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Scope } from '@minos/base';
import { issueCertificate, type KeyPairPem, newCertificateAuthority, normalizePrivateKeyPem, selfSigned } from '@minos/pki';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { clusterAuthority } from '../../harness/cluster-pki.ts';
import { mustRun } from '../../harness/run.ts';

const DAY_MS = 24 * 3_600_000;
/** Numbers of addresses that are the host's, beside those of the nodes. */
const FAKES = Array.from({ length: 12 }, (_, i) => 100 + i);

let cluster: Cluster;
let ca: KeyPairPem;
let worker: string;
const scope = new Scope();
beforeAll(async () => {
  cluster = await startCluster({ name: 'broken', workers: 1 });
  ca = await clusterAuthority(cluster);
  worker = cluster.workers[0]?.address ?? '';
  const links: unknown = JSON.parse(await mustRun('ip', ['-json', 'address', 'show', 'to', cluster.address(1)]));
  const [bridge]: unknown[] = Array.isArray(links) ? links : [];
  if (typeof bridge !== 'object' || bridge === null || !('ifname' in bridge)) throw new Error('the cluster has no bridge');
  for (const number of FAKES)
    await mustRun('ip', ['address', 'add', `${cluster.address(number)}/32`, 'dev', String(bridge.ifname)]);
}, 200_000);
afterAll(async () => {
  await scope.close();
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

let used = 0;
/** An address of the host that no other row has. */
function freshAddress(): string {
  const number = FAKES[used++];
  if (number === undefined) throw new Error('more rows than addresses');
  return cluster.address(number);
}

/** Listens where an apid would; the address. */
async function listen(server: Server, address = freshAddress()): Promise<string> {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => open.add(socket.on('error', () => undefined)));
  await new Promise<void>((resolve) => server.listen(50_000, address, resolve));
  scope.use(() => {
    for (const socket of open) socket.destroy();
    server.close();
  });
  return address;
}

/** A TLS server that shows what `pair` makes for its address. */
async function showing(pair: (address: string) => KeyPairPem, options: { readonly alpn?: string; readonly ca?: string } = {}) {
  const address = freshAddress();
  const { certPem, keyPem } = pair(address);
  const key = normalizePrivateKeyPem(keyPem);
  const asks = options.ca === undefined ? {} : { ca: options.ca, requestCert: true, rejectUnauthorized: true };
  const settings = { cert: certPem, key, ALPNProtocols: [options.alpn ?? 'h2'], ...asks };
  const server = createTlsServer(settings, (socket) => socket.on('error', () => undefined));
  return listen(server, address);
}

const leaf = (address: string) => ({
  subject: {},
  ipAddresses: [address],
  usages: ['serverAuth' as const],
  notBeforeMs: Date.now() - 1000,
  ttlMs: DAY_MS,
});
const other = (organization: string): KeyPairPem => newCertificateAuthority({ organization, nowMs: Date.now() });

type Row = readonly [what: string, node: () => Promise<string>, reason: string, words: RegExp];

const BEHIND: readonly Row[] = [
  ['an address that nobody has', async () => cluster.address(240), 'NO_ROUTE', /nobody has that address/],
  ['a machine on which nothing listens', async () => freshAddress(), 'CONNECTION_REFUSED', /nothing listens there/],
  ['a name that nobody knows', async () => 'no-such-node', 'NAME_UNKNOWN', /cannot resolve that name/],
  ['a server that says nothing', () => listen(createTcpServer(() => undefined)), 'NO_ANSWER', /nothing came back/],
  ['a server without TLS', () => listen(createTcpServer((s) => void s.end('SSH-2.0-x\r\n'))), 'NOT_APID', /is no apid/],
  ['a server that hangs up', () => listen(createTcpServer((s) => void s.destroy())), 'CONNECTION_LOST', /may be restarting/],
  [
    'a node without a configuration',
    () => showing((a) => selfSigned(leaf(a))),
    'NOT_CONFIGURED',
    /maintenance mode.*apply-config --insecure/s,
  ],
  [
    'a node of another cluster',
    () => showing((a) => issueCertificate({ ca: other('other'), ...leaf(a) })),
    'OTHER_CLUSTER',
    /another cluster/,
  ],
  [
    'a cluster of the same name',
    () => showing((a) => issueCertificate({ ca: other('talos'), ...leaf(a) })),
    'OTHER_CLUSTER',
    /another cluster/,
  ],
  [
    'a certificate that has expired',
    () => showing((a) => issueCertificate({ ca, ...leaf(a), notBeforeMs: Date.now() - 3 * DAY_MS })),
    'CERTIFICATE_EXPIRED',
    /has expired, or a clock is wrong/,
  ],
  [
    'a certificate of tomorrow',
    () => showing((a) => issueCertificate({ ca, ...leaf(a), notBeforeMs: Date.now() + DAY_MS })),
    'CERTIFICATE_NOT_YET_VALID',
    /one of the two clocks is wrong/,
  ],
  [
    'a certificate for another address',
    () => showing((a) => issueCertificate({ ca, ...leaf(a), ipAddresses: ['10.5.255.254'] })),
    'NAME_NOT_IN_CERTIFICATE',
    /machine\.certSANs/,
  ],
];

/** The error objects that a command writes with `-o json`. */
async function errorsOf(
  args: readonly string[],
): Promise<{ readonly code: number; readonly errors: readonly Record<string, unknown>[] }> {
  const { code, stderr } = await cluster.minosctl([...args, '-o', 'json'], { timeoutMs: 100_000 });
  const lines = stderr.split('\n').filter((line) => line.startsWith('{'));
  return { code, errors: lines.map((line): Record<string, unknown> => JSON.parse(line)) };
}

test.each(BEHIND)(
  '%s is told apart behind the endpoint',
  async (_what, make, reason, words) => {
    const node = await make();
    const { code, errors } = await errorsOf(['-n', node, 'version']);
    expect(code).toBe(1);
    expect(errors[0]).toEqual({ error: expect.objectContaining({ node, reason, hop: `endpoint → ${node}` }) });
    const text = await cluster.minosctl(['-n', node, 'version'], { timeoutMs: 100_000 });
    expect(text.stderr).toMatch(new RegExp(`^error from node ${node}: .*\\n {2}at: endpoint → ${node}`));
    expect(text.stderr).toMatch(words);
    expect(text.stderr).toMatch(/\n {2}next: \S/);
  },
  120_000,
);

test('of many nodes each failure has its own reason, and the last line counts them', async () => {
  const nobody = cluster.address(241);
  const { code, stdout, stderr } = await cluster.minosctl(['-n', `${worker},no-such-node,${nobody}`, 'version'], {
    timeoutMs: 100_000,
  });
  expect(code).toBe(1);
  expect(stdout).toContain(worker);
  expect(stderr.trim().split('\n').at(-1)).toBe(`2 of 3 nodes failed: no-such-node (NAME_UNKNOWN), ${nobody} (NO_ROUTE)`);
}, 120_000);

test.each([
  ['a service that it does not have', ['service', 'unicorn', 'restart'], /unicorn/],
  ['a resource that it does not have', ['get', 'links', 'eth9'], /not found|missing/],
  ['a file that it does not have', ['cat', '/no/such'], /no such file/],
])('what a node itself refuses, such as %s, has the service as its hop', async (_what, command, words) => {
  const { code, errors } = await errorsOf(['-n', worker, ...command]);
  expect(code).toBe(1);
  expect(errors[0]).toEqual({ error: expect.objectContaining({ node: worker, hop: `${worker} → service` }) });
  expect(JSON.stringify(errors[0])).toMatch(words);
});

test('a worker as the endpoint says that it passes nothing on', async () => {
  const { stderr } = await cluster.minosctl(['-e', worker, '-n', cluster.controlPlane.address, 'version']);
  expect(stderr).toContain('go through a control plane');
  const selected = await cluster.minosctl(['-e', worker, '-n', '@all', 'version']);
  expect(selected.stderr).toContain('go through a control plane');
});
