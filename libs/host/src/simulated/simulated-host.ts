import { type Clock, systemClock } from '@minos/base';
import type { Host } from '../port/host.ts';
import type { Peers } from '../port/peers.ts';
import type { PowerAction } from '../port/supervisor.ts';
import { FileTree } from './files/file-tree.ts';
import { SimulatedFiles } from './files/simulated-files.ts';
import type { Fixture, FixtureAction } from './fixture/fixture.ts';
import { SimulatedKernelLog } from './kernel-log/simulated-kernel-log.ts';
import { SimulatedPackets } from './packets/simulated-packets.ts';
import { SimulatedPeers } from './peers/simulated-peers.ts';
import { type ActionExecutors, act, playScript } from './play-script.ts';
import { addMachineFiles } from './proc/machine-files.ts';
import { ProcessTable } from './proc/process-table.ts';
import { SimulatedNetwork } from './rtnetlink/simulated-network.ts';
import { SeededBytes } from './seeded-bytes.ts';
import { SimulatedClock } from './simulated-clock.ts';
import { SimulatedInit } from './supervisor/simulated-init.ts';
import { SimulatedSupervisor } from './supervisor/simulated-supervisor.ts';
import { MountTable } from './system/mount-table.ts';
import { SimulatedSystem } from './system/simulated-system.ts';

export type { Fixture, FixtureAction, FixtureFile, ScriptStep } from './fixture/fixture.ts';
export { parseFixture } from './fixture/parse-fixture.ts';
export { type NetworkFixture, SimulatedNetwork } from './rtnetlink/simulated-network.ts';

/** linux/if_arp.h. */
const ARPHRD = { ETHER: 1, LOOPBACK: 772 } as const;

/** What stands in for a part of the simulation. */
export interface SimulationOptions {
  /** What passes time: that of this machine by default, one that a test moves, or one that several machines share. */
  readonly clock?: Clock;
  /** How a peer proves who it is; by default everybody is the fixture's peer. */
  readonly peers?: Peers;
}

/** A machine in memory: a host with handles for whoever plays the world around it. */
export interface SimulatedHost extends Host, AsyncDisposable {
  readonly network: SimulatedNetwork;
  readonly init: SimulatedInit;
  readonly packets: SimulatedPackets;
  /** Who the next callers are. */
  readonly peerSwitch: SimulatedPeers;
  /** Resolves when the machine has been ended through its supervisor. */
  readonly powered: Promise<PowerAction>;
  /** Lets one thing happen, now. */
  act(action: FixtureAction): void;
  /** Lets the fixture's script happen in time, until its end or until aborted. */
  play(signal: AbortSignal): Promise<void>;
}

/** Makes a machine from a fixture. It opens nothing outside this process; disposing it ends what it plans. */
export function simulatedHost(fixture: Fixture, options: SimulationOptions = {}): SimulatedHost {
  const clock = new SimulatedClock(options.clock ?? systemClock);
  const bootMs = clock.monotonicMs() - fixture.uptimeMs;
  const sinceBootMs = (): number => clock.monotonicMs() - bootMs;
  const random = new SeededBytes(fixture.seed);
  const tree = new FileTree(() => clock.now());
  for (const path of ['/proc', '/sys', '/dev', '/etc', '/run', '/tmp', '/var', '/system']) tree.makeDirectory(path);
  const mounts = new MountTable(tree);
  const network = new SimulatedNetwork(fixture.network);
  const processes = new ProcessTable(sinceBootMs);
  const disk = { totalBytes: fixture.diskBytes, inodes: fixture.inodes, isFull: false };
  const system = new SimulatedSystem({ hostname: fixture.hostname, mounts, random });
  const kernelLog = new SimulatedKernelLog(() => BigInt(Math.floor(sinceBootMs() * 1000)));
  const init = new SimulatedInit({ clock, tree, processes, programs: new Map(Object.entries(fixture.programs)) });
  addMachineFiles(tree, {
    hardware: fixture,
    processes,
    mounts,
    network,
    bootId: uuid(random.take(16)),
    hostname: () => system.hostnameNow,
    sinceBootMs,
    bootTimeMs: () => clock.now() - sinceBootMs(),
  });
  addFixture(fixture, { tree, kernelLog, processes });
  const peerSwitch = new SimulatedPeers(fixture.peer);
  const executors = executorsFor({ disk, clock, init, kernelLog, network });
  return {
    clock,
    files: new SimulatedFiles(tree, disk),
    kernelLog,
    system,
    peers: options.peers ?? peerSwitch,
    packets: new SimulatedPackets(clock, (name) => packetLink(network, name)),
    openSupervisor: async () => new SimulatedSupervisor(init),
    openRtnetlink: async () => network.open(),
    network,
    init,
    peerSwitch,
    powered: init.powered,
    act: (action) => act(executors, action),
    play: (signal) => playScript({ clock, executors, steps: fixture.script }, signal),
    [Symbol.asyncDispose]: async () => init.close(),
  };
}

function addFixture(
  fixture: Fixture,
  parts: { readonly tree: FileTree; readonly kernelLog: SimulatedKernelLog; readonly processes: ProcessTable },
): void {
  for (const file of fixture.files) {
    const attributes = new Map(Object.entries(file.attributes).map(([name, value]) => [name, Buffer.from(value)]));
    const { mode, uid, gid } = file;
    if (file.kind === 'directory') parts.tree.makeDirectory(file.path, { mode, uid, gid, attributes });
    else if (file.kind === 'symlink') parts.tree.addLink(file.path, file.content);
    else parts.tree.addFile(file.path, file.content, { mode, uid, gid, attributes });
  }
  for (const record of fixture.kernelLog)
    parts.kernelLog.add({ ...record, sinceBootUs: BigInt(Math.floor(record.sinceBootMs * 1000)) });
  for (const process of fixture.processes) parts.processes.add(process);
}

interface World {
  readonly disk: { isFull: boolean };
  readonly clock: SimulatedClock;
  readonly init: SimulatedInit;
  readonly kernelLog: SimulatedKernelLog;
  readonly network: SimulatedNetwork;
}

function executorsFor({ disk, clock, init, kernelLog, network }: World): ActionExecutors {
  return {
    'fill-disk': () => {
      disk.isFull = true;
    },
    'free-disk': () => {
      disk.isFull = false;
    },
    'jump-clock': ({ ms }) => clock.jump(ms),
    exit: ({ id, exit }) => init.exit(id, exit),
    'write-log': ({ id, text }) => void init.writeLog(id, text),
    'log-kernel': ({ severity, message }) => kernelLog.add({ facility: 0, severity, message }),
    'pull-cable': ({ link }) => network.setCable(link, 'pulled'),
    'plug-cable': ({ link }) => network.setCable(link, 'plugged'),
    'lose-events': () => network.loseEvents(),
    'request-stop': ({ action }) => init.requestStop(action),
  };
}

async function packetLink(network: SimulatedNetwork, name: string): Promise<{ readonly hardwareType: number } | undefined> {
  await using rtnetlink = network.open();
  const link = (await rtnetlink.links()).find((each) => each.name === name);
  return link && { hardwareType: link.type === 'loopback' ? ARPHRD.LOOPBACK : ARPHRD.ETHER };
}

function uuid(bytes: Buffer): string {
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(13, 16)}`, `a${hex.slice(17, 20)}`, hex.slice(20)].join('-');
}
