import { randomUUID } from 'node:crypto';
import { isFault, messageOf } from '@minos/base';
import type { Machine } from '../runtime/machine.ts';
import type { SequenceRequest, SequenceRunner } from '../sequence/sequence-runner.ts';
import { endMachine, type PowerRequest, REBOOT, SHUTDOWN } from './power-sequences.ts';

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
  request(request: PowerRequest, options: { readonly isForced?: true } = {}): string {
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

  async #run(request: PowerRequest, how: SequenceRequest): Promise<void> {
    const { log } = this.#machine;
    log.info({ action: request, actorId: how.actorId }, 'the machine is to go down');
    try {
      await this.#sequences.run(request === 'reboot' ? REBOOT : SHUTDOWN, how, this.#signal);
    } catch (e) {
      // Another sequence runs, or has taken over: it decides. Whoever asked learns it from the events.
      if (this.#signal.aborted || isFault(e, 'precondition') || isFault(e, 'cancelled')) return;
      log.error({ action: request, err: messageOf(e) }, 'the machine did not go down in order; ending it');
      await endMachine(this.#machine, request, this.#signal);
    }
  }
}
