import { downPhases, endPhase } from '../power/going-down.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** Stops the services and starts the machine again. */
export const REBOOT: Sequence<Machine> = {
  name: 'reboot',
  phases: [...downPhases({ kind: 'reboot' }), endPhase('reboot')],
};
