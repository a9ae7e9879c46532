import { Duplex } from 'node:stream';

/** One end of a pair of streams in memory that, as a socket does, has copied what was written when it says so. */
class PairEnd extends Duplex {
  other: PairEnd | undefined;
  #taken: (() => void) | undefined;

  override _read(): void {
    const taken = this.#taken;
    this.#taken = undefined;
    taken?.();
  }

  override _write(chunk: Buffer, _encoding: string, taken: () => void): void {
    const { other } = this;
    if (other === undefined || other.destroyed) taken();
    else if (other.push(Buffer.from(chunk))) setImmediate(taken);
    else other.#taken = taken;
  }

  override _final(done: () => void): void {
    this.other?.push(null);
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    const { other } = this;
    this.other = undefined;
    setImmediate(() => other?.destroy());
    done(error);
  }
}

/** Two streams, each of which reads what is written to the other. */
export function socketPair(): readonly [Duplex, Duplex] {
  const a = new PairEnd();
  const b = new PairEnd();
  a.other = b;
  b.other = a;
  return [a, b];
}
