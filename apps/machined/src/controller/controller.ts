import type { ResourceType, StateWriter } from '@minos/resource';
import type { Machine } from '../runtime/machine.ts';

/** Resources that a controller looks at; a weak input may come and go without the controller losing its sense. */
export interface ControllerInput {
  readonly type: ResourceType<unknown>;
  /** One of the kind; all of them when absent. */
  readonly id?: string;
  readonly strength: 'strong' | 'weak';
}

/** A kind of resource that a controller writes; `shared` when others write other resources of the kind. */
export interface ControllerOutput {
  readonly type: ResourceType<unknown>;
  readonly sharing: 'exclusive' | 'shared';
}

/** What a controller reads and writes, as data that can be shown and checked. */
export interface ControllerFacts {
  /** Also the owner of what it writes, such as `hardware.CPUCoreController`. */
  readonly name: string;
  readonly inputs: readonly ControllerInput[];
  readonly outputs: readonly ControllerOutput[];
}

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

/** Makes the outputs of a controller that shares none. */
export function exclusive(...types: readonly ResourceType<unknown>[]): readonly ControllerOutput[] {
  return types.map((type) => ({ type, sharing: 'exclusive' }));
}

/** Makes the outputs of a controller that writes some of a kind, and others the rest. */
export function shared(...types: readonly ResourceType<unknown>[]): readonly ControllerOutput[] {
  return types.map((type) => ({ type, sharing: 'shared' }));
}

/** Makes inputs without which the controller has nothing to do. */
export function strong(...types: readonly ResourceType<unknown>[]): readonly ControllerInput[] {
  return types.map((type) => ({ type, strength: 'strong' }));
}

/** Makes inputs that only refine what the controller does. */
export function weak(...types: readonly ResourceType<unknown>[]): readonly ControllerInput[] {
  return types.map((type) => ({ type, strength: 'weak' }));
}
