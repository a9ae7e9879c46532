import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** Refused on every node of this version, before its first phase: there is no disk with a place for another image. */
export const UPGRADE: Sequence<Machine> = {
  name: 'upgrade',
  phases: [],
  refusal: 'this version does not upgrade itself: start the node from the new image, its STATE is kept',
};
