import {
  PhaseEvent_Action as PhaseAction,
  PhaseEvent,
  SequenceEvent_Action as SequenceAction,
  SequenceEvent,
  ServiceStateEvent_Action as ServiceAction,
  ServiceStateEvent,
} from '@minos/api/machine';
import { machineConfigType } from '@minos/resource';
import type { LoggedEvent } from '../event/event-log.ts';
import { configDigest } from '../node-config/config-record.ts';
import { duration } from '../rpc/duration.ts';
import type { Machine } from '../runtime/machine.ts';
import type { FlightRecorder } from './flight-recorder.ts';

/** Records what machined tells about sequences and services, and each configuration that comes into force, until aborted. */
export async function followFlight(machine: Machine, signal: AbortSignal): Promise<void> {
  await Promise.all([followEvents(machine, signal), followConfig(machine, signal)]);
}

async function followEvents({ events, recorder }: Machine, signal: AbortSignal): Promise<void> {
  const steps = new StepWatch(recorder);
  const query = { tailEvents: -1, tailId: '', tailSeconds: 0, actorId: '' };
  let lastId = '';
  while (!signal.aborted) {
    // A reader that fell behind is ended; it goes on with what is still there.
    const from = lastId === '' ? query : { ...query, tailEvents: 0, tailId: lastId };
    for await (const event of events.read(from, signal)) {
      lastId = event.id;
      steps.take(event);
    }
  }
}

async function followConfig({ state, recorder }: Machine, signal: AbortSignal): Promise<void> {
  for await (const event of state.watch(machineConfigType, { id: 'v1alpha1' }, signal)) {
    if (event.kind !== 'created' && event.kind !== 'updated') continue;
    const text = event.resource.spec.yamlMarshalled.toString('utf8');
    recorder.record({ $case: 'configDigest', value: configDigest(text) });
  }
}

/** Makes a record of each phase, sequence and state of a service from the events about them. */
class StepWatch {
  readonly #recorder: FlightRecorder;
  readonly #startedMs = new Map<string, number>();
  /** By actor: an apply runs beside another sequence. */
  readonly #sequences = new Map<string, string>();

  constructor(recorder: FlightRecorder) {
    this.#recorder = recorder;
  }

  take({ data, atMs, actorId }: LoggedEvent): void {
    const kind = data.typeUrl.slice(data.typeUrl.lastIndexOf('.') + 1);
    if (kind === 'PhaseEvent') {
      const { phase, action } = PhaseEvent.decode(data.value);
      const sequence = this.#sequences.get(actorId) ?? '';
      this.#step({ actorId, sequence, phase, isStart: action === PhaseAction.START, error: '' }, atMs);
    } else if (kind === 'SequenceEvent') {
      const { sequence, action, error } = SequenceEvent.decode(data.value);
      const isStart = action === SequenceAction.START;
      if (isStart) this.#sequences.set(actorId, sequence);
      else this.#sequences.delete(actorId);
      this.#step({ actorId, sequence, phase: '', isStart, error: error?.message ?? '' }, atMs);
    } else if (kind === 'ServiceStateEvent') {
      const { service, action, message } = ServiceStateEvent.decode(data.value);
      this.#recorder.record({ $case: 'service', value: { service, state: stateOf(action), message } });
    }
  }

  #step({ actorId, sequence, phase, isStart, error }: Step, atMs: number): void {
    const key = `${actorId}/${sequence}/${phase}`;
    if (isStart) {
      this.#startedMs.set(key, atMs);
      return;
    }
    const took = duration(Math.max(0, Math.round(atMs - (this.#startedMs.get(key) ?? atMs))));
    this.#startedMs.delete(key);
    this.#recorder.record({ $case: 'step', value: { sequence, phase, duration: took, error } });
  }
}

interface Step {
  readonly actorId: string;
  readonly sequence: string;
  readonly phase: string;
  readonly isStart: boolean;
  readonly error: string;
}

function stateOf(action: ServiceAction): string {
  const found = Object.entries(ServiceAction).find(([, value]) => value === action);
  return found?.[0].toLowerCase() ?? String(action);
}
