import type { Clock } from '@minos/base';
import type { NodeAnswer } from './for-each-node.ts';

/** What to do with answers. */
export interface AnswerSink<T> {
  /** Those of the first moment, in the order of the nodes, so that a table's columns fit them; called once, maybe with none. */
  first(answers: readonly NodeAnswer<T>[]): Promise<void>;
  /** One that came later. */
  later(answer: NodeAnswer<T>): Promise<void>;
}

/** Long enough for all nodes that are well; a slow one holds nobody up for longer. */
const FIRST_MS = 300;

/** Passes answers on as they come: those of the first moment together and in order, each later one at once. */
export class FirstAnswers<T> {
  readonly #nodes: readonly string[];
  readonly #sink: AnswerSink<T>;
  readonly #stop = new AbortController();
  readonly #moment: Promise<void>;
  #waiting: NodeAnswer<T>[] | undefined = [];
  #passing: Promise<void> = Promise.resolve();

  constructor(nodes: readonly string[], clock: Clock, sink: AnswerSink<T>) {
    this.#nodes = nodes;
    this.#sink = sink;
    this.#moment = clock.sleep(FIRST_MS, this.#stop.signal).then(
      () => this.#release(),
      () => undefined,
    );
  }

  /** Takes an answer; resolves when the reader of the output has room again. */
  add(answer: NodeAnswer<T>): Promise<void> {
    if (this.#waiting === undefined) return this.#pass(() => this.#sink.later(answer));
    this.#waiting.push(answer);
    return Promise.resolve();
  }

  /** Every node has answered or failed. */
  async end(): Promise<void> {
    this.#stop.abort();
    await this.#moment;
    await this.#release();
  }

  #release(): Promise<void> {
    if (this.#waiting === undefined) return this.#passing;
    const place = new Map(this.#nodes.map((node, i) => [node, i]));
    const answers = this.#waiting.toSorted((a, b) => (place.get(a.node) ?? 0) - (place.get(b.node) ?? 0));
    this.#waiting = undefined;
    return this.#pass(() => this.#sink.first(answers));
  }

  // One after another: the rest of a table comes behind its heading.
  #pass(work: () => Promise<void>): Promise<void> {
    this.#passing = this.#passing.then(work);
    return this.#passing;
  }
}
