import { expect, test } from '@jest/globals';
import { aborted, type FaultKind, isFault } from '@minos/base';
import { eventually } from '@minos/testkit';
import type { Link, RouteChange, Rtnetlink } from '../port/rtnetlink.ts';
import { IFA_F, IFF, RT_SCOPE, RT_TABLE, RTN } from '../rtnetlink/rtnetlink-constants.ts';
import type { RtnetlinkSubject } from './rtnetlink-subject.ts';

const SOON = { withinMs: 5000 };

/** What holds for every implementation of the rtnetlink port. `open` makes a fresh network each time. */
export function rtnetlinkConformance(open: () => Promise<RtnetlinkSubject>): void {
  test('a new network has only a loopback, and it is down', async () => {
    await using subject = await open();
    const links = await subject.rtnetlink.links();
    expect(links.map(({ name, type, index }) => ({ name, type, index }))).toEqual([{ name: 'lo', type: 'loopback', index: 1 }]);
    expect(isUp(links[0])).toBe(false);
    expect(await subject.rtnetlink.addresses()).toEqual([]);
  });

  test('the loopback gets its addresses when it comes up', async () => {
    await using subject = await open();
    await subject.rtnetlink.setLink(1, { up: true });
    const addresses = await subject.rtnetlink.addresses();
    expect(addresses.map(({ address, scope, linkName }) => ({ address, scope, linkName }))).toEqual([
      { address: '127.0.0.1/8', scope: RT_SCOPE.HOST, linkName: 'lo' },
      { address: '::1/128', scope: RT_SCOPE.HOST, linkName: 'lo' },
    ]);
  });

  test('a veth pair is made with its mark, and has a carrier when both ends are up', async () => {
    await using subject = await open();
    const { near, far } = await makePair(subject.rtnetlink);
    expect(near).toMatchObject({ kind: 'veth', altNames: ['minos-near'], linkIndex: far.index, mtu: 1500, type: 'ether' });
    expect(far.linkIndex).toBe(near.index);
    await subject.rtnetlink.setLink(near.index, { up: true });
    await eventually(
      async () => expect(await linkNamed(subject.rtnetlink, 'near')).toMatchObject({ operState: 'lowerlayerdown' }),
      SOON,
    );
    await subject.rtnetlink.setLink(far.index, { up: true });
    await eventually(async () => {
      const link = await linkNamed(subject.rtnetlink, 'near');
      expect(link.operState).toBe('up');
      expect(link.flags & (IFF.UP | IFF.RUNNING | IFF.LOWER_UP)).toBe(IFF.UP | IFF.RUNNING | IFF.LOWER_UP);
    }, SOON);
  });

  test('a link can be renamed and get another MTU and more names', async () => {
    await using subject = await open();
    const { near } = await makePair(subject.rtnetlink);
    await subject.rtnetlink.setLink(near.index, { name: 'eth7', mtu: 1400, addAltName: 'minos-eth7' });
    expect(await linkNamed(subject.rtnetlink, 'eth7')).toMatchObject({
      index: near.index,
      mtu: 1400,
      altNames: ['minos-near', 'minos-eth7'],
    });
  });

  test('a link that exists, is missing, or cannot be what is asked is refused by kind', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink);
    await expectRefusal('exists', rtnetlink.createLink({ name: 'near', kind: 'bridge', altName: 'minos-x' }));
    await expectRefusal('missing', rtnetlink.setLink(999, { up: true }));
    await expectRefusal('missing', rtnetlink.deleteLink(999));
    await expectRefusal('invalid', rtnetlink.setLink(near.index, { mtu: 10 }));
    await expectRefusal('unimplemented', rtnetlink.deleteLink(1));
  });

  test('deleting one end of a pair takes the other along, and all addresses', async () => {
    await using subject = await open();
    const { near, far } = await makePair(subject.rtnetlink);
    await subject.rtnetlink.addAddress(address(far, '10.1.0.1/24'));
    await subject.rtnetlink.deleteLink(near.index);
    expect((await subject.rtnetlink.links()).map((link) => link.name)).toEqual(['lo']);
    expect(await subject.rtnetlink.addresses()).toEqual([]);
  });

  test('an address has its broadcast and our mark, and brings a connected route while its link is up', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink);
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await rtnetlink.addAddress(address(near, 'fd00::1/64', IFA_F.NODAD));
    expect(await rtnetlink.addresses()).toMatchObject([
      { address: '10.1.0.1/24', local: '10.1.0.1', broadcast: '10.1.0.255', linkName: 'near', protocol: 98, family: 'inet4' },
      { address: 'fd00::1/64', linkName: 'near', protocol: 98, family: 'inet6', scope: 0 },
    ]);
    expect(await mainRoutes(rtnetlink)).toEqual([]);
    await rtnetlink.setLink(near.index, { up: true });
    expect(await mainRoutes(rtnetlink)).toEqual(['10.1.0.0/24  near 0', 'fd00::/64  near 256']);
  });

  test('a link that goes down keeps its IPv4 addresses and loses its IPv6 addresses and all routes', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink, 'up');
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await rtnetlink.addAddress(address(near, 'fd00::1/64', IFA_F.NODAD));
    await rtnetlink.addRoute(route(near, '10.9.0.0/24', '10.1.0.254'));
    await rtnetlink.setLink(near.index, { up: false });
    expect((await rtnetlink.addresses()).filter((a) => a.linkName === 'near').map((a) => a.address)).toEqual(['10.1.0.1/24']);
    expect(await mainRoutes(rtnetlink)).toEqual([]);
  });

  test('an address that exists or is missing is refused by kind', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near, far } = await makePair(rtnetlink, 'up');
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await expectRefusal('exists', rtnetlink.addAddress(address(near, '10.1.0.1/24')));
    await expectRefusal('missing', rtnetlink.addAddress({ ...address(near, '10.1.0.2/24'), linkIndex: 999 }));
    await expectRefusal('missing', rtnetlink.deleteAddress({ linkIndex: far.index, address: '10.1.0.1/24' }));
    await expectRefusal('missing', rtnetlink.deleteAddress({ linkIndex: near.index, address: '10.1.0.9/24' }));
    await expectRefusal('invalid', rtnetlink.addAddress(address(near, 'nonsense')));
  });

  test('a second address of one network is secondary and goes with the first', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink, 'up');
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await rtnetlink.addAddress(address(near, '10.1.0.2/24'));
    const second = (await rtnetlink.addresses()).find((a) => a.address === '10.1.0.2/24');
    expect((second?.flags ?? 0) & IFA_F.SECONDARY).toBe(IFA_F.SECONDARY);
    await rtnetlink.deleteAddress({ linkIndex: near.index, address: '10.1.0.1/24' });
    expect((await rtnetlink.addresses()).filter((a) => a.family === 'inet4')).toEqual([]);
  });

  test('a route has our protocol, gateway, source, metric and MTU', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink, 'up');
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await rtnetlink.addRoute({ ...route(near, '', '10.1.0.254'), priority: 1024, source: '10.1.0.1', mtu: 1300 });
    const found = (await rtnetlink.routes()).find((r) => r.destination === '' && r.family === 'inet4');
    const known = {
      gateway: '10.1.0.254',
      source: '10.1.0.1',
      outLinkName: 'near',
      table: 254,
      priority: 1024,
      mtu: 1300,
      protocol: 98,
    };
    expect(found).toMatchObject(known);
  });

  test('a route that cannot be is refused by kind', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near, far } = await makePair(rtnetlink);
    await rtnetlink.setLink(near.index, { up: true });
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    await rtnetlink.addRoute(route(near, '10.9.0.0/24', '10.1.0.254'));
    await expectRefusal('exists', rtnetlink.addRoute(route(near, '10.9.0.0/24', '10.1.0.253')));
    await expectRefusal('precondition', rtnetlink.addRoute(route(near, '10.8.0.0/24', '10.7.0.254')));
    await expectRefusal('precondition', rtnetlink.addRoute({ ...route(far, '10.8.0.0/24', ''), scope: RT_SCOPE.LINK }));
    await expectRefusal(
      'missing',
      rtnetlink.addRoute({ ...route(near, '10.8.0.0/24', ''), outLinkIndex: 999, scope: RT_SCOPE.LINK }),
    );
    await expectRefusal('invalid', rtnetlink.addRoute(route(near, '10.8.0.1/24', '10.1.0.254')));
    await expectRefusal('invalid', rtnetlink.addRoute({ ...route(near, '10.8.0.0/24', '10.1.0.254'), source: '10.66.0.1' }));
    await expectRefusal('missing', rtnetlink.deleteRoute(route(near, '10.8.0.0/24', '10.1.0.254')));
    await rtnetlink.deleteRoute(route(near, '10.9.0.0/24', '10.1.0.254'));
    expect(await mainRoutes(rtnetlink)).toEqual(['10.1.0.0/24  near 0']);
  });

  test('what another hand made carries no mark, and its route is not deleted', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink, 'up');
    await subject.addForeignAddress('near', '10.1.0.1/24');
    await subject.addForeignRoute('10.9.0.0/24', 'near');
    expect((await rtnetlink.addresses()).find((a) => a.address === '10.1.0.1/24')?.protocol).toBe(0);
    await expectRefusal('missing', rtnetlink.deleteRoute({ ...route(near, '10.9.0.0/24', ''), scope: RT_SCOPE.LINK }));
    expect(await mainRoutes(rtnetlink)).toContain('10.9.0.0/24  near 0');
  });

  test('every reader is told what kind of thing changed, equal events at once, until aborted', async () => {
    await using subject = await open();
    const { rtnetlink } = subject;
    const { near } = await makePair(rtnetlink, 'up');
    const stop = new AbortController();
    const readers = [0, 1].map(() => collect(rtnetlink, stop.signal));
    await rtnetlink.setLink(near.index, { mtu: 1400 });
    await rtnetlink.addAddress(address(near, '10.1.0.1/24'));
    for (const reader of readers)
      await eventually(() => expect([...reader.seen].sort()).toEqual(['address', 'link', 'route']), SOON);
    stop.abort();
    await Promise.all(readers.map((reader) => reader.ended));
    await aborted(stop.signal);
  });
}

function collect(rtnetlink: Rtnetlink, signal: AbortSignal): { readonly seen: Set<string>; readonly ended: Promise<void> } {
  const seen = new Set<string>();
  const events = rtnetlink.events(signal);
  const read = async (): Promise<void> => {
    for await (const event of events) seen.add(event.kind);
  };
  return { seen, ended: read() };
}

async function expectRefusal(kind: FaultKind, change: Promise<void>): Promise<void> {
  const refusal = await change.then(
    () => undefined,
    (e: unknown) => e,
  );
  expect(isFault(refusal) ? refusal.kind : refusal).toBe(kind);
}

async function makePair(rtnetlink: Rtnetlink, wanted: 'up' | 'down' = 'down'): Promise<{ near: Link; far: Link }> {
  await rtnetlink.createLink({ name: 'near', kind: 'veth', peerName: 'far', altName: 'minos-near' });
  const pair = { near: await linkNamed(rtnetlink, 'near'), far: await linkNamed(rtnetlink, 'far') };
  if (wanted === 'up') for (const link of [pair.near, pair.far]) await rtnetlink.setLink(link.index, { up: true });
  return pair;
}

async function linkNamed(rtnetlink: Rtnetlink, name: string): Promise<Link> {
  const found = (await rtnetlink.links()).find((link) => link.name === name);
  if (found === undefined) throw new Error(`no link ${name}`);
  return found;
}

function isUp(link: Link | undefined): boolean {
  return ((link?.flags ?? 0) & IFF.UP) !== 0;
}

function address(link: Link, text: string, flags = 0): Parameters<Rtnetlink['addAddress']>[0] {
  return { linkIndex: link.index, address: text, scope: RT_SCOPE.UNIVERSE, priority: 0, flags };
}

function route(link: Link, destination: string, gateway: string): RouteChange {
  const place = { source: '', table: RT_TABLE.MAIN, priority: 0, scope: RT_SCOPE.UNIVERSE, type: RTN.UNICAST, mtu: 0 };
  return { family: 'inet4', destination, gateway, outLinkIndex: link.index, ...place };
}

async function mainRoutes(rtnetlink: Rtnetlink): Promise<string[]> {
  const routes = (await rtnetlink.routes()).filter((r) => r.table === RT_TABLE.MAIN && !r.destination.startsWith('fe80:'));
  return routes.map((r) => `${r.destination} ${r.gateway} ${r.outLinkName} ${r.priority}`).sort();
}
