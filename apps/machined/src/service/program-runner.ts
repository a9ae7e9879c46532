import { type Clock, Fault } from '@minos/base';
import type { Exit, SpawnSpec, Supervisor, SupervisorEvent } from '@minos/host';
import { Notice } from '../event/notice.ts';

type Exited = Extract<SupervisorEvent, { kind: 'exited' }>;

/** Runs programs that are no services: started by init, like everything, and waited for. */
export class ProgramRunner {
  readonly #supervisor: Supervisor;
  readonly #clock: Clock;
  readonly #watched = new Map<string, (event: Exited) => void>();

  constructor(supervisor: Supervisor, clock: Clock) {
    this.#supervisor = supervisor;
    this.#clock = clock;
  }

  /** Hears of an end of a process that is no service; it is acknowledged elsewhere. */
  take(event: Exited): void {
    this.#watched.get(event.id)?.(event);
  }

  /** Runs a program to its end; one at a time under an id. One that takes too long is killed: a Fault `deadline`. */
  async run(spec: SpawnSpec, limitMs: number): Promise<Exit> {
    if (this.#watched.has(spec.id)) throw new Fault('exists', `${spec.id} runs already`);
    // An end may be told before the start is.
    const ends = new Map<number, Exit>();
    const ended = new Notice();
    this.#watched.set(spec.id, ({ generation, exit }) => {
      ends.set(generation, exit);
      ended.wake();
    });
    const limit = new AbortController();
    const timer = this.#clock.sleep(limitMs, limit.signal).then(
      () => limit.abort(),
      () => undefined,
    );
    try {
      const { generation } = await this.#supervisor.spawn(spec);
      for (;;) {
        const exit = ends.get(generation);
        if (exit !== undefined) return exit;
        if (limit.signal.aborted) break;
        await ended.wait(limit.signal);
      }
      await this.#supervisor.signal(spec.id, 'SIGKILL', 'group');
      throw new Fault('deadline', `${spec.argv[0]} did not end within ${limitMs} ms and was killed`);
    } finally {
      this.#watched.delete(spec.id);
      limit.abort();
      await timer;
    }
  }
}
