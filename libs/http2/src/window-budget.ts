/** How much receive windows may grow beyond their start, for all streams of a process together. */
export class WindowBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /** Takes all of it or nothing. */
  take(bytes: number): boolean {
    if (bytes > this.#left) return false;
    this.#left -= bytes;
    return true;
  }

  /** Hands back what was taken. */
  give(bytes: number): void {
    this.#left += bytes;
  }
}
