/** How much memory somebody used at one moment. */
export interface MemorySample {
  readonly atMs: number;
  readonly bytes: number;
}

/** How far apart samples are, and how many are kept: ten minutes. */
export const SAMPLE_MS = 10_000;
const KEPT = 60;
const MIB = 2 ** 20;

/** The memory that somebody used lately: a bounded number of samples, the oldest of which is forgotten. */
export class MemoryHistory {
  #samples: MemorySample[] = [];

  /** Oldest first. */
  get samples(): readonly MemorySample[] {
    return this.#samples;
  }

  get last(): MemorySample | undefined {
    return this.#samples.at(-1);
  }

  /** Adds a sample. */
  take(sample: MemorySample): void {
    this.#samples = [...this.#samples.slice(1 - KEPT), sample];
  }
}

/** Samples as a list of MiB in which what is the same several times in a row is said once, such as `61 ×12, 64, 120`; pure. */
export function historyText(samples: readonly MemorySample[]): string {
  const runs: { readonly mib: number; readonly count: number }[] = [];
  for (const { bytes } of samples) {
    const mib = Math.round(bytes / MIB);
    const last = runs.at(-1);
    if (last?.mib === mib) runs.splice(-1, 1, { mib, count: last.count + 1 });
    else runs.push({ mib, count: 1 });
  }
  return runs.map(({ mib, count }) => (count === 1 ? String(mib) : `${mib} ×${count}`)).join(', ');
}

/** Bytes as MiB with one digit, without it where it says nothing; pure. */
export function mibText(bytes: number): string {
  return `${(bytes / MIB).toFixed(1).replace(/\.0$/, '')} MiB`;
}
