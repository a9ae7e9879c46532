import type { Clock } from '@minos/base';
import type { Files } from './files.ts';
import type { KernelLog } from './kernel-log.ts';
import type { PacketSource } from './packets.ts';
import type { Peers } from './peers.ts';
import type { Rtnetlink } from './rtnetlink.ts';
import type { Supervisor } from './supervisor.ts';
import type { System } from './system.ts';

/** Everything that a daemon needs from outside. Parts that need a handle are opened by the one who uses them. */
export interface Host {
  readonly clock: Clock;
  readonly files: Files;
  readonly kernelLog: KernelLog;
  readonly system: System;
  readonly peers: Peers;
  readonly packets: PacketSource;
  /** Only machined has one: the socket to init. Throws `precondition` when this process was not started by init. */
  openSupervisor(): Promise<Supervisor>;
  openRtnetlink(): Promise<Rtnetlink>;
}
