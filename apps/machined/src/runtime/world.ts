import type { Socket } from 'node:net';
import type { Clock, Logger } from '@minos/base';
import type { Host } from '@minos/host';
import type { State } from '@minos/resource';

/** What machined works in: this machine, or a simulated one. */
export interface World {
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Logger;
  /** Whether this is a whole real node, in which sockets are given to the daemons that may use them. */
  readonly isNode: boolean;
  /** Whether files may be mounted over those under /etc. */
  readonly mayMount: boolean;
  /** Whether the other end of a connection is the process that it should be; in a simulation everybody is. */
  isProcess(socket: Socket, wanted: { readonly uid: number; readonly pid: number | undefined }): Promise<boolean>;
  /** Whether the other end of a connection is a process of root inside this node; in a simulation nobody is. */
  isLocalRoot(socket: Socket): Promise<boolean>;
  /** Takes part in the simulation, until aborted; undefined on a real machine. */
  readonly play: ((state: State, signal: AbortSignal) => Promise<void>) | undefined;
}

/** Admits who runs under the uid and has the very pid of the living service. */
export function processCheck(host: Pick<Host, 'peers'>): World['isProcess'] {
  return async (socket, wanted) => {
    const peer = await host.peers.credentialsOf(socket);
    return peer !== undefined && wanted.pid !== undefined && peer.uid === wanted.uid && peer.pid === wanted.pid;
  };
}

/** Admits root of this node. A process outside has no pid in here: the kernel tells 0, and who is root there is nobody here. */
export function localRootCheck(host: Pick<Host, 'peers'>): World['isLocalRoot'] {
  return async (socket) => {
    const peer = await host.peers.credentialsOf(socket);
    return peer !== undefined && peer.uid === 0 && peer.pid > 0;
  };
}
