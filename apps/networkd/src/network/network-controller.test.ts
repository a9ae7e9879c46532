import { expect, test } from '@jest/globals';
import { HostnameSpecSpec, ResolverSpecSpec } from '@minos/api/resource-specs';
import { silentLogger, systemClock } from '@minos/base';
import { linuxHost } from '@minos/host/linux';
import { SimulatedNetwork } from '@minos/host/simulated';
import {
  addressStatusType,
  hostnameSpecType,
  hostnameStatusType,
  linkStatusType,
  MemoryState,
  netIp,
  networkStatusType,
  nodeAddressType,
  resolverSpecType,
  resolverStatusType,
  routeStatusType,
} from '@minos/resource';
import { eventually, recordingLogger, tempDir } from '@minos/testkit';
import { dropAddress, wantAddress, wantLink, wantRoute } from '../testing/specs.ts';
import { NetworkController } from './network-controller.ts';
import { observeNetwork } from './network-snapshot.ts';

const SOON = { withinMs: 3000 };

async function started(network: SimulatedNetwork, state: MemoryState, log = silentLogger) {
  const dir = await tempDir('controller');
  const stop = new AbortController();
  let readies = 0;
  const deps = { rtnetlink: network.open(), state, files: linuxHost().files, clock: systemClock, log, runDir: dir.path };
  const controller = new NetworkController({ ...deps, ready: () => (readies += 1) });
  const running = controller.run(stop.signal);
  await eventually(() => expect(readies).toBe(1), SOON);
  return {
    look: () => observeNetwork(deps.rtnetlink),
    readies: () => readies,
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await running;
      await dir[Symbol.asyncDispose]();
    },
  };
}

async function wanted(): Promise<MemoryState> {
  const state = new MemoryState({ clock: systemClock });
  await wantLink(state, 'eth0', { mtu: 1400 });
  await wantAddress(state, 'eth0', '10.5.0.2/24');
  await wantRoute(state, 'default', { gateway: '10.5.0.1', linkName: 'eth0' });
  await state
    .as('config')
    .put(hostnameSpecType, 'hostname', HostnameSpecSpec.fromPartial({ hostname: 'minos-cp-1', domainname: 'lab' }));
  await state.as('config').put(resolverSpecType, 'resolvers', ResolverSpecSpec.fromPartial({ dnsServers: [netIp('10.5.0.1')] }));
  return state;
}

test('it says ready once the network is as wanted, and reports everything under its name', async () => {
  const network = new SimulatedNetwork({ links: [{ name: 'eth0' }] });
  const state = await wanted();
  await using controller = await started(network, state);
  const { links, addresses, routes } = await controller.look();
  expect(links.find((link) => link.name === 'eth0')).toMatchObject({ mtu: 1400, operState: 'up' });
  expect(addresses.find((address) => address.address === '10.5.0.2/24')?.protocol).toBe(98);
  expect(routes.find((route) => route.destination === '')).toMatchObject({ gateway: '10.5.0.1', protocol: 98 });
  await eventually(() => {
    expect(state.peek(linkStatusType, 'eth0')?.metadata.owner).toBe('networkd');
    expect(state.peek(addressStatusType, 'eth0/10.5.0.2/24')).toBeDefined();
    expect(state.peek(routeStatusType, 'inet4/10.5.0.1//0')).toBeDefined();
    expect(state.peek(hostnameStatusType, 'hostname')?.spec).toEqual({ hostname: 'minos-cp-1', domainname: 'lab' });
    expect(state.peek(resolverStatusType, 'resolvers')?.spec.dnsServers).toHaveLength(1);
    expect(state.peek(nodeAddressType, 'default')?.spec.addresses).toHaveLength(1);
    const status = { addressReady: true, connectivityReady: true, hostnameReady: true, etcFilesReady: false };
    expect(state.peek(networkStatusType, 'status')?.spec).toEqual(status);
  }, SOON);
});

test('a link that comes later, goes down or loses events is caught up with', async () => {
  const network = new SimulatedNetwork();
  await using controller = await started(network, await wanted());
  const hasRoute = async (): Promise<void> =>
    expect((await controller.look()).routes.some((route) => route.destination === '')).toBe(true);
  network.plugLink({ name: 'eth0' });
  await eventually(hasRoute, SOON);
  network.setUp('eth0', 'down');
  await eventually(hasRoute, SOON);
  network.loseEvents();
  network.setCable('eth0', 'pulled');
  network.setCable('eth0', 'plugged');
  await eventually(hasRoute, SOON);
  expect(controller.readies()).toBe(1);
});

test('a step that fails is logged once and tried again until it works', async () => {
  const network = new SimulatedNetwork({ links: [{ name: 'eth0' }] });
  for (let i = 0; i < 3; i++) network.failNext('addAddress', 'ENOBUFS');
  const log = recordingLogger();
  await using controller = await started(network, await wanted(), log);
  await eventually(async () => expect((await controller.look()).addresses.map((a) => a.address)).toContain('10.5.0.2/24'), SOON);
  const told = log.lines.filter(
    (line) => line.message === 'network not changed' && JSON.stringify(line.fields).includes('add-address'),
  );
  expect(told).toHaveLength(1);
});

test('the default address and all that were seen outlive networkd', async () => {
  const network = new SimulatedNetwork({ links: [{ name: 'eth0' }] });
  const state = await wanted();
  {
    await using controller = await started(network, state);
    await eventually(() => expect(state.peek(nodeAddressType, 'default')).toBeDefined(), SOON);
    await wantAddress(state, 'eth0', '10.4.0.1/24');
    await eventually(() => expect(state.peek(nodeAddressType, 'accumulative')?.spec.addresses).toHaveLength(2), SOON);
    expect(controller.readies()).toBe(1);
  }
  await dropAddress(state, 'eth0', '10.4.0.1/24');
  await using controller = await started(network, state);
  await eventually(() => expect(state.peek(nodeAddressType, 'current')?.spec.addresses).toHaveLength(1), SOON);
  expect(state.peek(nodeAddressType, 'accumulative')?.spec.addresses).toHaveLength(2);
  expect([...(state.peek(nodeAddressType, 'default')?.spec.addresses[0]?.ip ?? [])]).toEqual([10, 5, 0, 2]);
  expect(controller.readies()).toBe(1);
});
