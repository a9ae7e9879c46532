import { readFile } from 'node:fs/promises';
import { expect, test as jestTest } from '@jest/globals';
import { addressStatusType, linkSpecType, linkStatusType, nodeAddressType, routeStatusType } from '@minos/resource';
import { eventually, whyNoNetNamespace } from '@minos/testkit';
import { NetworkdUnderTest } from './testing/networkd-process.ts';
import { dropAddress, dropRoute, wantAddress, wantLink, wantRoute } from './testing/specs.ts';

const reason = whyNoNetNamespace();
const test = reason === undefined ? jestTest : jestTest.skip;
const TIMEOUT_MS = 60_000;
const SOON = { withinMs: 5000 };
/** What the issue promises for drift. */
const AT_ONCE = { withinMs: 1000 };

async function configured(): Promise<NetworkdUnderTest> {
  const networkd = await NetworkdUnderTest.make();
  await want(networkd);
  await networkd.start();
  return networkd;
}

async function want(networkd: NetworkdUnderTest): Promise<void> {
  await wantLink(networkd.state, 'eth0', { mtu: 1400 });
  await wantAddress(networkd.state, 'eth0', '10.5.0.2/24');
  await wantAddress(networkd.state, 'eth0', 'fd00:5::2/64', { flags: 2 });
  await wantRoute(networkd.state, 'default', { gateway: '10.5.0.1', linkName: 'eth0', priority: 1024 });
  await wantRoute(networkd.state, 'lab', { destination: '10.9.0.0/16', gateway: '10.5.0.9', source: '10.5.0.2', mtu: 1300 });
  await wantRoute(networkd.state, 'six', { destination: 'fd01::/64', gateway: 'fd00:5::1', linkName: 'eth0' });
}

async function show(networkd: NetworkdUnderTest, ...what: string[]): Promise<string> {
  return networkd.namespace.run('ip', ...what);
}

async function expectNetwork(networkd: NetworkdUnderTest): Promise<void> {
  const link = await show(networkd, 'link', 'show', 'eth0');
  expect(link).toMatch(/<.*\bUP\b.*> mtu 1400/);
  expect(await show(networkd, 'link', 'show', 'lo')).toMatch(/\bUP\b/);
  expect(await show(networkd, 'addr', 'show', 'eth0')).toMatch(/inet 10\.5\.0\.2\/24 brd 10\.5\.0\.255/);
  expect(await show(networkd, 'addr', 'show', 'eth0')).toMatch(/inet6 fd00:5::2\/64 .*nodad/);
  const routes = await show(networkd, '-N', 'route');
  expect(routes).toMatch(/default via 10\.5\.0\.1 dev eth0 proto 98 metric 1024/);
  expect(routes).toMatch(/10\.9\.0\.0\/16 via 10\.5\.0\.9 dev eth0 proto 98 src 10\.5\.0\.2 mtu 1300/);
  expect(await show(networkd, '-6', '-N', 'route')).toMatch(/fd01::\/64 via fd00:5::1 dev eth0 proto 98/);
}

test(
  'as uid 52 with CAP_NET_ADMIN, the kernel equals the configuration when networkd says ready, and the state tells it',
  async () => {
    await using networkd = await configured();
    await expectNetwork(networkd);
    const status = await readFile(`/proc/${networkd.pid}/status`, 'utf8');
    expect(status).toMatch(/^Uid:\s+52\s/m);
    expect(status).toMatch(/^CapEff:\s+0000000000003000$/m);
    await eventually(() => {
      expect(networkd.state.peek(linkStatusType, 'eth0')?.spec).toMatchObject({
        mtu: 1400,
        operationalState: 6,
        kind: 'veth',
        linkState: true,
      });
      expect(networkd.state.peek(addressStatusType, 'eth0/10.5.0.2/24')?.spec).toMatchObject({ linkName: 'eth0', family: 2 });
      expect(networkd.state.peek(routeStatusType, 'inet4/10.5.0.1//1024')?.spec).toMatchObject({
        outLinkName: 'eth0',
        protocol: 98,
      });
      expect(networkd.state.peek(routeStatusType, 'eth0/inet6/fd00:5::1/fd01::/64/1024')).toBeDefined();
      expect(networkd.state.peek(nodeAddressType, 'current')?.spec.addresses.map((a) => [...a.ip].slice(0, 4))).toEqual([
        [10, 5, 0, 2],
        [0xfd, 0, 0, 5],
      ]);
      expect(networkd.state.peek(linkStatusType, 'eth0')?.metadata.owner).toBe('networkd');
    }, SOON);
  },
  TIMEOUT_MS,
);

test(
  'what drifts is put back within a second',
  async () => {
    await using networkd = await configured();
    for (const drift of [
      ['addr', 'del', '10.5.0.2/24', 'dev', 'eth0'],
      ['addr', 'del', 'fd00:5::2/64', 'dev', 'eth0'],
      ['addr', 'flush', 'dev', 'eth0'],
      ['link', 'set', 'eth0', 'down'],
      ['link', 'set', 'eth0', 'mtu', '1500'],
      ['route', 'del', 'default'],
      ['-6', 'route', 'del', 'fd01::/64'],
      ['link', 'set', 'lo', 'down'],
    ]) {
      await show(networkd, ...drift);
      await eventually(() => expectNetwork(networkd), AT_ONCE);
    }
  },
  TIMEOUT_MS,
);

test(
  'an address that nobody asked for is reported and stays; one of ours that nobody wants any more goes',
  async () => {
    await using networkd = await configured();
    await show(networkd, 'addr', 'add', '10.77.0.1/24', 'dev', 'eth0');
    await show(networkd, 'route', 'add', '10.78.0.0/24', 'via', '10.77.0.9');
    await eventually(() => expect(networkd.state.peek(addressStatusType, 'eth0/10.77.0.1/24')).toBeDefined(), SOON);
    await wantAddress(networkd.state, 'eth0', '10.6.0.2/24');
    await eventually(async () => expect(await show(networkd, 'addr')).toContain('10.6.0.2/24'), SOON);
    await dropAddress(networkd.state, 'eth0', '10.6.0.2/24');
    await dropRoute(networkd.state, 'lab');
    await eventually(async () => {
      expect(await show(networkd, 'addr')).not.toContain('10.6.0.2/24');
      expect(await show(networkd, 'route')).not.toContain('10.9.0.0/16');
    }, SOON);
    expect(await show(networkd, 'addr')).toContain('10.77.0.1/24');
    expect(await show(networkd, 'route')).toContain('10.78.0.0/24');
  },
  TIMEOUT_MS,
);

test(
  'killed and started again it changes nothing, and knows by the marks in the kernel what it made',
  async () => {
    await using networkd = await configured();
    await networkd.stop('SIGKILL');
    await dropAddress(networkd.state, 'eth0', 'fd00:5::2/64');
    await dropRoute(networkd.state, 'six');
    const monitor = networkd.namespace
      .run('timeout', '6', 'ip', 'monitor', 'address', 'route', 'link')
      .catch((e: { stdout?: string }) => e.stdout ?? '');
    await networkd.start();
    await eventually(async () => expect(await show(networkd, 'addr')).not.toContain('fd00:5::2'), SOON);
    const changes = (await monitor).split('\n').filter((line) => /10\.5\.0\.2|10\.9\.0\.0|default|eth0: </.test(line));
    expect(changes).toEqual([]);
    expect(await show(networkd, '-6', 'route')).not.toContain('fd01::');
  },
  TIMEOUT_MS,
);

test(
  'while the state is away the last value stands, and what changed meanwhile is done when it is back',
  async () => {
    await using networkd = await configured();
    await networkd.closeState();
    await show(networkd, 'addr', 'del', '10.5.0.2/24', 'dev', 'eth0');
    await eventually(async () => expect(await show(networkd, 'addr')).toContain('10.5.0.2/24'), AT_ONCE);
    await want(networkd);
    await wantAddress(networkd.state, 'eth0', '10.5.0.3/24');
    await networkd.serveState();
    await eventually(async () => expect(await show(networkd, 'addr')).toContain('10.5.0.3/24'), SOON);
    await eventually(() => expect(networkd.state.peek(addressStatusType, 'eth0/10.5.0.3/24')).toBeDefined(), SOON);
    expect(networkd.state.peek(linkStatusType, 'eth0')).toBeDefined();
    expect(networkd.output).not.toContain('"level":"error"');
  },
  TIMEOUT_MS,
);

test(
  'a bridge is made with our mark and removed when nobody wants it; one made by another hand is left alone',
  async () => {
    await using networkd = await configured();
    await show(networkd, 'link', 'add', 'br9', 'type', 'bridge');
    await wantLink(networkd.state, 'br0', { logical: true, kind: 'bridge' });
    await eventually(async () => expect(await show(networkd, 'link', 'show', 'br0')).toMatch(/UP[\s\S]*altname minos-br0/), SOON);
    await networkd.state.as('config').remove(linkSpecType, 'br0');
    await eventually(async () => expect(await show(networkd, 'link')).not.toContain('br0'), SOON);
    expect(await show(networkd, 'link')).toContain('br9');
  },
  TIMEOUT_MS,
);

test(
  'a link that appears later gets its configuration, also under an alias',
  async () => {
    await using networkd = await configured();
    await wantLink(networkd.state, 'uplink');
    await wantAddress(networkd.state, 'uplink', '10.8.0.2/24');
    await show(networkd, 'link', 'add', 'eth1', 'type', 'veth', 'peer', 'name', 'far1');
    await show(networkd, 'link', 'set', 'eth1', 'alias', 'uplink');
    await eventually(async () => expect(await show(networkd, 'addr', 'show', 'eth1')).toMatch(/UP[\s\S]*10\.8\.0\.2\/24/), SOON);
  },
  TIMEOUT_MS,
);

if (reason !== undefined) jestTest.skip(`networkd in a namespace: ${reason}`, () => undefined);
