import { downPhases, endPhase } from '../power/going-down.ts';
import { type GoingDown, WIPEABLE, type WipeLabel } from '../power/power-request.ts';
import { wipePartition } from '../power/wipe-partition.ts';
import type { Machine } from '../runtime/machine.ts';
import type { Sequence, Task } from './sequence.ts';

/** A reset of the whole node, as it is shown where none is asked for. */
export const RESET: Sequence<Machine> = resetSequence({ kind: 'reset', labels: ['STATE', 'EPHEMERAL'], end: 'shutdown' });

/** Stops the services, forgets what the node wrote, and ends the machine. Run again after a crash, it wipes what is left. */
export function resetSequence(request: Extract<GoingDown, { readonly kind: 'reset' }>): Sequence<Machine> {
  const keepsMeta = !request.labels.includes('META') && request.labels.length < WIPEABLE.length - 1;
  const wipe = (label: WipeLabel): Task<Machine> => ({
    name: `wipe${label.charAt(0)}${label.slice(1).toLowerCase()}`,
    run: (machine, signal) => wipePartition(machine, { label, keepsMeta }, signal),
  });
  return {
    name: 'reset',
    phases: [...downPhases(request), { name: 'reset', tasks: request.labels.map(wipe) }, endPhase(request.end)],
  };
}
