import { nodeFiles } from './cluster-plan.ts';
import type { ClusterRecord } from './cluster-record.ts';
import { findHolders } from './find-holders.ts';
import { readHolderStatus } from './holder-status.ts';
import { countStarts } from './machine-console.ts';

/** A node of a cluster as it is now. */
export interface ClusterNodeRow {
  readonly name: string;
  readonly type: string;
  readonly address: string;
  readonly state: 'running' | 'stopped' | 'not held';
  /** PID 1 of the node on the host, or its QEMU; 0 when it is down. */
  readonly pid: number;
  readonly starts: number;
  readonly log: string;
}

/** What each node of a cluster is doing, by its holder. */
export async function clusterRows(record: ClusterRecord, dir: string): Promise<ClusterNodeRow[]> {
  const holders = await findHolders();
  return Promise.all(
    record.nodes.map(async ({ name, type, address }) => {
      const files = nodeFiles(dir, name);
      if (record.provisioner === 'qemu') {
        const pid = holders.find((holder) => holder.pidfile === files.pidfile)?.pid ?? 0;
        const state = pid === 0 ? 'stopped' : 'running';
        return { name, type, address, state, pid, starts: await countStarts(files.log), log: files.log };
      }
      const status = await readHolderStatus(files.status);
      const isHeld = holders.some((holder) => holder.pidfile === files.pidfile);
      const state = isHeld && status !== undefined ? status.state : 'not held';
      return { name, type, address, state, pid: isHeld ? (status?.pid ?? 0) : 0, starts: status?.starts ?? 0, log: files.log };
    }),
  );
}
