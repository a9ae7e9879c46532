import { createHash } from 'node:crypto';

const LENGTH = 6;

/** The stable name of a node whose configuration asks for one: `minos-` and characters that follow from its id; pure. */
export function automaticHostname(nodeId: string): string {
  const digest = createHash('sha256').update(nodeId).digest().readBigUInt64BE(0);
  return `minos-${digest.toString(36).padStart(LENGTH, '0').slice(0, LENGTH)}`;
}
