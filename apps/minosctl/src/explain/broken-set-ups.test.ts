import { writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Scope } from '@minos/base';
import { newCertificateAuthority } from '@minos/pki';
import { BrokenWorld } from '../testing/broken-world.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is broken, how it is made, and what must be said: reason, hop, and words of the sentence, the evidence or the advice. */
type Row = readonly [
  what: string,
  make: (world: BrokenWorld) => Promise<readonly string[]>,
  reason: string,
  hop: string,
  words: RegExp,
];

const FIRST = 'you → endpoint';
const file = (path: string): readonly string[] => ['--minosconfig', path];
/** A good context and an endpoint of the world's. */
const at = async (world: BrokenWorld, endpoint: string): Promise<readonly string[]> => [
  ...file(await world.context({ endpoints: [endpoint] })),
];
const text = async (world: BrokenWorld, content: string): Promise<readonly string[]> => {
  const path = `${world.dir}/written`;
  await writeFile(path, content);
  return file(path);
};
const otherAuthority = (world: BrokenWorld, organization: string) =>
  newCertificateAuthority({ organization, nowMs: world.nowMs });

/** Nothing leaves this machine yet. */
const HERE: readonly Row[] = [
  ['no client configuration', async (w) => file(`${w.dir}/absent`), 'NO_CLIENT_CONFIG', 'you', /is not there; start a cluster/],
  ['a directory instead of it', async (w) => file(w.dir), 'UNREADABLE_CLIENT_CONFIG', 'you', /cannot read/],
  ['no YAML in it', (w) => text(w, '{{{'), 'INVALID_CLIENT_CONFIG', 'you', /is no client configuration/],
  ['an empty one', (w) => text(w, ''), 'NO_CONTEXTS|INVALID_CLIENT_CONFIG', 'you', /has no contexts|is no client configuration/],
  ['no such context', async (w) => [...file(await w.context()), '--context', 'prod'], 'NO_SUCH_CONTEXT', 'you', /it has: test/],
  [
    'a context without a key',
    (w) => text(w, 'context: a\ncontexts:\n    a:\n        endpoints: [127.0.0.1]\n'),
    'INCOMPLETE_CONTEXT',
    'you',
    /lacks ca, crt or key/,
  ],
  [
    'an authority that is no certificate',
    async (w) => file(await w.context({ ca: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n' })),
    'BROKEN_CERTIFICATE',
    'you',
    /ca of context/,
  ],
  [
    'a key of another certificate',
    async (w) => file(await w.context({ pair: { certPem: w.client().certPem, keyPem: w.client().keyPem } })),
    'KEY_OF_ANOTHER_CERTIFICATE',
    'you',
    /does not belong to its certificate/,
  ],
  ['no node', async (w) => file(await w.context({ nodes: [] })), 'NO_NODE', 'you', /no node to talk to/],
  [
    'a node with a port',
    async (w) => [...file(await w.context()), '-n', '10.9.0.2:50000'],
    'NODE_WITH_PORT',
    'you',
    /-e 10\.9\.0\.2:50000/,
  ],
  [
    'an endpoint that is none',
    async (w) => [...file(await w.context()), '-e', 'http://x/y'],
    'BAD_ENDPOINT',
    'you',
    /expected host/,
  ],
];

/** No TCP connection, or not to an apid. */
const CONNECTION: readonly Row[] = [
  ['a port that nobody listens on', (w) => at(w, '127.0.0.1:1'), 'CONNECTION_REFUSED', FIRST, /apid is not running/],
  [
    'two such endpoints',
    async (w) => file(await w.context({ endpoints: ['127.0.0.1:1', '127.0.0.1:2'] })),
    'CONNECTION_REFUSED',
    FIRST,
    /127\.0\.0\.1:2/,
  ],
  ['a name that nobody knows', (w) => at(w, 'no-such-host.invalid'), 'NAME_UNKNOWN', FIRST, /nobody knows the name/],
  [
    'two endpoints, each wrong in its way',
    async (w) => file(await w.context({ endpoints: ['no-such-host.invalid', '127.0.0.1:1'] })),
    'NO_ENDPOINT',
    FIRST,
    /nobody knows .* refuses connections/,
  ],
  [
    'an address that this machine has no way to',
    (w) => at(w, '[fe80::1%lo]:50000'),
    'NO_ROUTE',
    FIRST,
    /no route, or nobody has that address/,
  ],
  [
    'a server that hangs up at once',
    async (w) => at(w, await w.tcp((s) => s.destroy())),
    'CONNECTION_LOST',
    FIRST,
    /starting or stopping/,
  ],
  [
    'a server without TLS',
    async (w) => at(w, await w.tcp((s) => s.end('SSH-2.0-OpenSSH_9.2\r\n'))),
    'NOT_APID',
    FIRST,
    /is no apid/,
  ],
  ['a web server', async (w) => at(w, await w.tls('http/1.1', () => undefined)), 'NOT_APID', FIRST, /apid/],
  [
    'TLS, and then an end',
    async (w) => at(w, await w.tls('h2', (s) => s.destroy())),
    'OUR_CERTIFICATE_REFUSED',
    FIRST,
    /stopping just now/,
  ],
  [
    'TLS, and then something else',
    async (w) => at(w, await w.tls('h2', (s) => s.end('HTTP/1.0 200 OK\r\n'))),
    'NOT_APID',
    FIRST,
    /not HTTP\/2/,
  ],
];

/** The server's certificate. */
const SERVER: readonly Row[] = [
  [
    'a node without a configuration',
    async (w) => at(w, await w.api(w.selfSigned())),
    'NOT_CONFIGURED',
    FIRST,
    /maintenance mode.*--insecure/,
  ],
  [
    'a node of another cluster',
    async (w) => at(w, await w.api(w.server({ ca: otherAuthority(w, 'other') }))),
    'OTHER_CLUSTER',
    FIRST,
    /another cluster.*signed by \\"other/,
  ],
  [
    'a cluster made anew under the same name',
    async (w) => at(w, await w.api(w.server({ ca: otherAuthority(w, 'talos') }))),
    'OTHER_CLUSTER',
    FIRST,
    /new secrets: minosctl config merge/,
  ],
  [
    'a certificate that expired three days ago',
    async (w) => at(w, await w.api(w.server({ notBeforeMs: w.nowMs - 5 * DAY_MS, ttlMs: 2 * DAY_MS }))),
    'CERTIFICATE_EXPIRED',
    FIRST,
    /expired 3 d ago/,
  ],
  [
    'a certificate of tomorrow',
    async (w) => at(w, await w.api(w.server({ notBeforeMs: w.nowMs + DAY_MS + HOUR_MS }))),
    'CERTIFICATE_NOT_YET_VALID',
    FIRST,
    /clock here or there is wrong.*valid in 1 d/,
  ],
  [
    'an authority that has expired',
    async (w) => {
      const ca = newCertificateAuthority({ organization: 'talos', nowMs: w.nowMs - 5 * DAY_MS, ttlMs: DAY_MS });
      const endpoint = await w.api(w.server({ ca }));
      return file(await w.context({ ca: ca.certPem, endpoints: [endpoint] }));
    },
    'AUTHORITY_EXPIRED',
    FIRST,
    /the authority of this context has expired/,
  ],
  [
    'an authority of tomorrow',
    async (w) => {
      const ca = newCertificateAuthority({ organization: 'talos', nowMs: w.nowMs + DAY_MS });
      const endpoint = await w.api(w.server({ ca }));
      return file(await w.context({ ca: ca.certPem, endpoints: [endpoint] }));
    },
    'AUTHORITY_NOT_YET_VALID',
    FIRST,
    /the clock here is wrong/,
  ],
  [
    "a client's certificate at the server",
    async (w) => at(w, await w.api(w.server({ usages: ['clientAuth'] }))),
    'NOT_A_SERVER',
    FIRST,
    /clientAuth/,
  ],
  [
    'another address in it',
    async (w) => at(w, await w.api(w.server({ ipAddresses: ['10.9.0.2'], dnsNames: ['cp-1'] }))),
    'NAME_NOT_IN_CERTIFICATE',
    FIRST,
    /it holds 10\.9\.0\.2, cp-1/,
  ],
  [
    'a name for an address',
    async (w) => at(w, (await w.api(w.server())).replace('127.0.0.1', 'localhost')),
    'NAME_NOT_IN_CERTIFICATE',
    FIRST,
    /machine\.certSANs/,
  ],
  [
    'no name in it',
    async (w) => at(w, await w.api(w.server({ ipAddresses: [] }))),
    'NAME_NOT_IN_CERTIFICATE',
    FIRST,
    /no name at all/,
  ],
  [
    'another public key than the one given',
    async (w) => [...(await at(w, await w.api(w.server()))), '--cert-fingerprint', `${'A'.repeat(43)}=`],
    'FINGERPRINT_MISMATCH',
    FIRST,
    /another public key/,
  ],
];

/** Our certificate, which a server with TLS 1.3 refuses after the handshake. */
const CLIENT: readonly Row[] = [
  [
    'ours expired yesterday',
    async (w) => {
      const pair = w.client({ notBeforeMs: w.nowMs - 3 * DAY_MS, ttlMs: 2 * DAY_MS });
      return file(await w.context({ pair, endpoints: [await w.api(w.server())] }));
    },
    'OUR_CERTIFICATE_EXPIRED',
    FIRST,
    /expired 1 d ago.*minosctl config new/,
  ],
  [
    'ours is of tomorrow',
    async (w) => {
      const pair = w.client({ notBeforeMs: w.nowMs + DAY_MS });
      return file(await w.context({ pair, endpoints: [await w.api(w.server())] }));
    },
    'OUR_CERTIFICATE_NOT_YET_VALID',
    FIRST,
    /not valid yet/,
  ],
  [
    "ours is a server's",
    async (w) => file(await w.context({ pair: w.client({ usages: ['serverAuth'] }), endpoints: [await w.api(w.server())] })),
    'OUR_CERTIFICATE_NOT_FOR_CLIENTS',
    FIRST,
    /usages are: serverAuth/,
  ],
  [
    'ours is of another cluster than our authority',
    async (w) => {
      const pair = w.client({ ca: otherAuthority(w, 'other') });
      return file(await w.context({ pair, endpoints: [await w.api(w.server())] }));
    },
    'OUR_CERTIFICATE_OF_ANOTHER_CLUSTER',
    FIRST,
    /key and authority are of two clusters/,
  ],
  [
    'the node trusts another authority by now',
    async (w) => at(w, await w.api(w.server(), otherAuthority(w, 'new').certPem)),
    'OUR_CERTIFICATE_REFUSED',
    FIRST,
    /its authority has changed/,
  ],
  [
    '--insecure to a machine that is configured',
    async (w) => ['--insecure', '-n', await w.api(w.server())],
    'ASKS_FOR_CERTIFICATE',
    FIRST,
    /without --insecure/,
  ],
];

test.each([...HERE, ...CONNECTION, ...SERVER, ...CLIENT])('%s', async (_what, make, reason, hop, words) => {
  await using scope = new Scope();
  const world = await BrokenWorld.open(scope);
  const { code, stdout, errors } = await world.version(...(await make(world)));
  expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
  const [first] = errors;
  expect(first).toEqual({ error: expect.objectContaining({ hop, reason: expect.stringMatching(new RegExp(`^(${reason})$`)) }) });
  expect(JSON.stringify(first)).toMatch(words);
});

test('there are enough of them, and each of the reasons is among them', () => {
  expect(HERE.length + CONNECTION.length + SERVER.length + CLIENT.length).toBeGreaterThanOrEqual(39);
});

test('what is well made is not explained', async () => {
  await using scope = new Scope();
  const world = await BrokenWorld.open(scope);
  expect(await world.version(...(await at(world, await world.api(world.server()))))).toMatchObject({ code: 0, errors: [] });
});
