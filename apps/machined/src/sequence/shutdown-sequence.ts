import { downPhases, endPhase } from '../power/going-down.ts';
import type { PowerRequest } from '../power/power-request.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** A shutdown as it is shown where none is asked for. */
export const SHUTDOWN: Sequence<Machine> = shutdownSequence({ kind: 'shutdown' });

/** Stops the services and turns the machine off; when it is forced, those that do not stop at once are left to init. */
export function shutdownSequence(request: PowerRequest): Sequence<Machine> {
  return { name: 'shutdown', phases: [...downPhases(request), endPhase('shutdown')] };
}
