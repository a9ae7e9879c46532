import type { Socket } from 'node:net';

/** Who is at the other end of a Unix socket (SO_PEERCRED). */
export interface PeerCredentials {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

/** Identification of local callers. */
export interface Peers {
  /** Of an accepted Unix socket, told before it is read; undefined when it is none or is gone. */
  credentialsOf(socket: Socket): Promise<PeerCredentials | undefined>;
}
