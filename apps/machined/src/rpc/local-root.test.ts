import { expect, test } from '@jest/globals';
import { isFault, messageOf } from '@minos/base';
import { ADMIN, type RunningNode, type SimulatedNode, simulatedNode } from '../node-config/testing/running-node.ts';
import { localRootCheck, processCheck } from '../runtime/world.ts';

/** Starts machined with the checks of a real node, and the kernel telling this of everybody who connects. */
async function startWithPeer(node: SimulatedNode, peer: { readonly uid: number; readonly pid: number }): Promise<RunningNode> {
  const { host } = node.world;
  host.peerSwitch.set({ ...peer, gid: peer.uid });
  return await node.start(undefined, { isProcess: processCheck(host), isLocalRoot: localRootCheck(host) });
}

async function failureOf(call: Promise<unknown>): Promise<string> {
  const e = await call.then(
    () => undefined,
    (caught: unknown) => caught,
  );
  return `${isFault(e) ? e.kind : 'no fault'}: ${messageOf(e)}`;
}

test('root of the node may restart it, and the caller is recorded', async () => {
  await using node = await simulatedNode();
  const { machine } = await startWithPeer(node, { uid: 0, pid: 77 });
  expect((await machine.Reboot({ mode: 0 })).messages[0]?.actorId).not.toBe('');
  expect(await node.world.host.powered).toBe('reboot');
  const { files } = node.world.host;
  const names = await files.list('/var/log/boots');
  const records = await Promise.all(names.map((name) => files.readText(`/var/log/boots/${name}`)));
  expect(records.join('')).toMatch(/MachineService\/Reboot[\s\S]*os:operator[\s\S]*local root/);
});

test('root of the node may turn it off', async () => {
  await using node = await simulatedNode();
  const { machine } = await startWithPeer(node, { uid: 0, pid: 77 });
  await machine.Shutdown({ force: false });
  expect(await node.world.host.powered).toBe('poweroff');
});

test('root of the node may nothing else, whatever roles it says it has', async () => {
  await using node = await simulatedNode();
  const { machine, diagnosis } = await startWithPeer(node, { uid: 0, pid: 77 });
  const denied = /^denied: not authorized: root of the node may call .*Reboot and .*Shutdown; everything else goes through apid/;
  expect(await failureOf(machine.Version({}, ADMIN))).toMatch(denied);
  expect(await failureOf(machine.ServiceStop({ id: 'trustd' }, ADMIN))).toMatch(denied);
  expect(await failureOf(machine.Read({ path: '/etc/hosts' }, ADMIN)[Symbol.asyncIterator]().next())).toMatch(denied);
  expect(await failureOf(diagnosis.Sequences({}, ADMIN))).toMatch(denied);
});

test.each([
  ['root of another node or of the host, who has no pid in here', { uid: 0, pid: 0 }],
  ['another user', { uid: 1000, pid: 77 }],
  ['the uid of apid with another pid', { uid: 50, pid: 4_000_000 }],
])('%s is turned away', async (_who, peer) => {
  await using node = await simulatedNode();
  const { machine } = await startWithPeer(node, peer);
  expect(await failureOf(machine.Reboot({ mode: 0 }, ADMIN))).toMatch(/^unavailable/);
  expect(node.log.lines.map(({ message }) => message)).toContain('a stranger on machine.sock was turned away');
});
