import { fstat } from 'node:fs';
import { promisify } from 'node:util';
import { Fault, systemClock } from '@minos/base';
import type { Host } from '../port/host.ts';
import { LinuxFiles } from './files/linux-files.ts';
import { LinuxKernelLog } from './kernel-log/linux-kernel-log.ts';
import { libcSource } from './native/libc.ts';
import { LinuxPackets } from './packets/linux-packets.ts';
import { LinuxPeers } from './peers/linux-peers.ts';
import { LinuxSystem } from './system/linux-system.ts';

/** Where the real machine's parts are, when not in the usual place. */
export interface LinuxHostOptions {
  /** Joined before every path of `files`; none by default. */
  readonly root?: string;
  /** The socket to init: 3, where init leaves it. */
  readonly supervisorFd?: number;
}

/** This machine. Native add-ons are loaded by the first call that needs one, so making a host costs nothing. */
export function linuxHost(options: LinuxHostOptions = {}): Host {
  const libc = libcSource();
  return {
    clock: systemClock,
    files: new LinuxFiles(options.root ?? '', libc),
    kernelLog: new LinuxKernelLog('/dev/kmsg', systemClock),
    system: new LinuxSystem(libc),
    peers: new LinuxPeers(libc),
    packets: new LinuxPackets(systemClock),
    openSupervisor: async () => {
      const fd = options.supervisorFd ?? 3;
      if (!(await isSocket(fd))) {
        throw new Fault('precondition', 'this process was not started by init: there is no socket to it', { fd });
      }
      const { openSupervisor } = await import('./supervisor/open-supervisor.ts');
      return openSupervisor(fd);
    },
    openRtnetlink: async () => {
      const { openRtnetlink } = await import('./rtnetlink/open-rtnetlink.ts');
      return openRtnetlink();
    },
  };
}

async function isSocket(fd: number): Promise<boolean> {
  try {
    return (await promisify(fstat)(fd)).isSocket();
  } catch {
    return false;
  }
}
