import assert from 'node:assert/strict';
import type { Socket } from 'node:net';
import type { PeerCredentials, Peers } from '../port/peers.ts';
import type { ConformanceCase } from './conformance-case.ts';

/** Peers to check, with a way to get an accepted Unix socket and who is known to be at its other end. */
export interface PeersSubject {
  readonly peers: Peers;
  accept(): Promise<Socket>;
  readonly expected: PeerCredentials;
}

/** What every implementation of Peers keeps to. */
export const peersConformance: readonly ConformanceCase<PeersSubject>[] = [
  {
    name: 'the peer of an accepted Unix socket is told with pid, uid and gid',
    run: async ({ peers, accept, expected }) => {
      const socket = await accept();
      assert.deepEqual(await peers.credentialsOf(socket), expected);
      socket.destroy();
    },
  },
  {
    name: 'a socket that is gone has no peer',
    run: async ({ peers, accept }) => {
      const socket = await accept();
      socket.destroy();
      assert.equal(await peers.credentialsOf(socket), undefined);
    },
  },
];
