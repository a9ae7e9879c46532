import { createHash } from 'node:crypto';
import { Fault } from '@minos/base';

const POSITION_AT = 8;
const LENGTH = 16;

/** Which run of the source made a bookmark: eight bytes that differ between boots and between starts of machined. */
export function epochOf(bootId: string, startCount: number): Buffer {
  const epoch = Buffer.alloc(POSITION_AT);
  createHash('sha256').update(bootId).digest().copy(epoch, 0, 0, 4);
  epoch.writeUInt32BE(startCount >>> 0, 4);
  return epoch;
}

/** Sixteen bytes: the epoch, then the position in the order of the kind, big-endian. */
export function makeBookmark(epoch: Buffer, position: bigint): Buffer {
  const bookmark = Buffer.alloc(LENGTH);
  epoch.copy(bookmark);
  bookmark.writeBigUInt64BE(position, POSITION_AT);
  return bookmark;
}

/** The position in a bookmark; throws `precondition` for one of another epoch or another shape. */
export function positionOf(bookmark: Buffer, epoch: Buffer): bigint {
  if (bookmark.length !== LENGTH || !bookmark.subarray(0, POSITION_AT).equals(epoch)) {
    throw new Fault('precondition', 'the bookmark is of another run of the node; list again');
  }
  return bookmark.readBigUInt64BE(POSITION_AT);
}

/** The epoch part of a bookmark, as text that can be compared. */
export function epochText(bookmark: Buffer): string {
  return bookmark.toString('hex', 0, POSITION_AT);
}
