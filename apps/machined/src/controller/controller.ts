import type { StateWriter } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';
import type { ControllerFacts } from './controller-facts.ts';

/** What every controller runs with. */
export type ControllerHost = Pick<Machine, 'state' | 'clock' | 'log'>;

/** A controller that makes its outputs follow from its inputs and the machine. */
export interface Controller<M extends ControllerHost = Machine> extends ControllerFacts {
  /** How often it looks at the machine, where nothing tells of a change; never again when absent. */
  readonly everyMs?: number;
  /** Resolves when something outside of the state has changed, or when aborted; only for controllers that follow such a thing. */
  untilChange?(machine: M, signal: AbortSignal): Promise<void>;
  /** Makes the outputs what they are to be. Called again after every change of an input; a failure is retried. */
  reconcile(machine: M, writer: StateWriter): Promise<void>;
}
