import { downPhases, endPhase } from '../power/going-down.ts';
import type { PowerRequest } from '../power/power-request.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence } from './sequence.ts';

/** A reboot as it is shown where none is asked for. */
export const REBOOT: Sequence<Machine> = rebootSequence({ kind: 'reboot' });

/** Stops the services and starts the machine again; when it is forced, init alone ends them. */
export function rebootSequence(request: PowerRequest): Sequence<Machine> {
  const phases = downPhases(request);
  const needed = request.isForced === true ? phases.filter(({ name }) => name !== 'stopServices') : phases;
  return { name: 'reboot', phases: [...needed, endPhase('reboot')] };
}
