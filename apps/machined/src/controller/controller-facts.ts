import type { ResourceType } from '@minos/resource';

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
