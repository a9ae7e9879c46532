import { randomUUID } from 'node:crypto';
import { isFault, messageOf } from '@minos/base';
import type { Machine } from '../runtime/machine.ts';
import { rebootSequence } from '../sequence/reboot-sequence.ts';
import { resetSequence } from '../sequence/reset-sequence.ts';
import type { Sequence } from '../sequence/sequence.ts';
import type { SequenceRequest, SequenceRunner } from '../sequence/sequence-runner.ts';
import { shutdownSequence } from '../sequence/shutdown-sequence.ts';
import { endMachine } from './going-down.ts';
import { endOf, type GoingDown } from './power-request.ts';

/** Takes the machine down in order; what was asked for is done even when a step fails. */
export class PowerControl {
  readonly #machine: Machine;
  readonly #sequences: SequenceRunner<Machine>;
  readonly #signal: AbortSignal;
  readonly #running = new Set<Promise<void>>();

  constructor(machine: Machine, sequences: SequenceRunner<Machine>, signal: AbortSignal) {
    this.#machine = machine;
    this.#sequences = sequences;
    this.#signal = signal;
  }

  /** Begins at once and goes on by itself; the result names the actor in the events that follow. */
  request(request: GoingDown, options: { readonly isForced?: true } = {}): string {
    const actorId = randomUUID();
    const work = this.#run(request, { actorId, ...options });
    this.#running.add(work);
    work.finally(() => this.#running.delete(work)).catch(() => undefined);
    return actorId;
  }

  /** Resolves when nothing that was asked for runs any more. */
  async idle(): Promise<void> {
    await Promise.allSettled(this.#running);
  }

  async #run(request: GoingDown, how: SequenceRequest): Promise<void> {
    const { log } = this.#machine;
    log.info({ action: request.kind, actorId: how.actorId }, 'the machine is to go down');
    try {
      await this.#sequences.run(sequenceOf(request), how, this.#signal);
    } catch (e) {
      // Another sequence runs, or has taken over: it decides. Whoever asked learns it from the events.
      if (this.#signal.aborted || isFault(e, 'precondition') || isFault(e, 'cancelled')) return;
      log.error({ action: request.kind, err: messageOf(e) }, 'the machine did not go down in order; ending it');
      await endMachine(this.#machine, endOf(request), this.#signal);
    }
  }
}

function sequenceOf(request: GoingDown): Sequence<Machine> {
  if (request.kind === 'reset') return resetSequence(request);
  return request.kind === 'reboot' ? rebootSequence(request) : shutdownSequence(request);
}
