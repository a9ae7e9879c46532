import { Socket } from 'node:net';
import { test } from '@jest/globals';
import { filesConformance } from '../conformance/files.conformance.ts';
import { kernelLogConformance } from '../conformance/kernel-log.conformance.ts';
import { packetsConformance } from '../conformance/packets.conformance.ts';
import { peersConformance } from '../conformance/peers.conformance.ts';
import { supervisorConformance } from '../conformance/supervisor.conformance.ts';
import { systemConformance } from '../conformance/system.conformance.ts';
import { probeSpec } from '../testing/probe-spec.ts';
import { simulation } from '../testing/simulation.ts';

const FIXTURE = {
  files: { '/work/link': { link: 'target' }, '/work/loop': { link: 'loop' } },
  programs: {
    stay: { log: ['hello'] },
    mute: { neverReady: true },
    'exit-three': { exitAfterMs: 5, exit: { code: 3 } },
  },
  peer: { pid: 4242, uid: 52, gid: 53 },
};

test.each(filesConformance.map((c) => [c.name, c] as const))('simulated files: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  host.init.writeLog('probe', '');
  const writeFifo = async (text: string): Promise<void> => void host.init.writeLog('probe', text);
  await run({ files: host.files, dir: '/work', fifo: '/run/init/probe.log', writeFifo });
});

test.each(kernelLogConformance.map((c) => [c.name, c] as const))('simulated kernel log: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  await run(host.kernelLog);
});

test.each(systemConformance.map((c) => [c.name, c] as const))('simulated system: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  await run({ system: host.system, files: host.files, dir: '/work' });
});

test.each(peersConformance.map((c) => [c.name, c] as const))('simulated peers: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  await run({ peers: host.peers, accept: async () => new Socket(), expected: FIXTURE.peer });
});

test.each(packetsConformance.map((c) => [c.name, c] as const))('simulated packets: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  const headers = Buffer.alloc(42);
  const send = async (text: string): Promise<void> => host.packets.send('lo', Buffer.concat([headers, Buffer.from(text)]));
  await run({ packets: host.packets, send });
});

test.each(supervisorConformance.map((c) => [c.name, c] as const))('simulated supervisor: %s', async (_name, { run }) => {
  await using host = simulation(FIXTURE);
  await using supervisor = await host.openSupervisor();
  await run({ supervisor, files: host.files, spec: probeSpec });
});
