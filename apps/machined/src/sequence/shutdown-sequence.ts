import { downPhases, endPhase } from '../power/going-down.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** Stops the services and turns the machine off. */
export const SHUTDOWN: Sequence<Machine> = {
  name: 'shutdown',
  phases: [...downPhases({ kind: 'shutdown' }), endPhase('shutdown')],
};
