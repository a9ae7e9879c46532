const MOST = 4096;

/** The streams that this end has reset of late: frames that were on their way to them are no error. */
export class ResetMemory {
  readonly #ids = new Set<number>();
  #sent = 0;

  /** How many streams were reset in all. */
  get sent(): number {
    return this.#sent;
  }

  has(id: number): boolean {
    return this.#ids.has(id);
  }

  /** Remembers one, and forgets the oldest half when there are too many. */
  add(id: number): void {
    this.#sent++;
    this.#ids.add(id);
    if (this.#ids.size <= MOST) return;
    for (const old of this.#ids) {
      this.#ids.delete(old);
      if (this.#ids.size <= MOST / 2) return;
    }
  }
}
