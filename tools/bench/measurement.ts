/** One figure of a run, with what it may be at most, or at least, when the project promises that. */
export interface Figure {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** What every measurement may use. */
export interface BenchContext {
  /** The root of the checkout. */
  readonly root: string;
  /** The Node that runs the programs. */
  readonly node: string;
  /** Runs the built minosctl to its end and returns how long it took, ms; a failure is a Fault with its output. */
  readonly minosctl: (args: readonly string[]) => Promise<number>;
}

/** One thing that is measured; measurements run one after the other, in the order of their list. */
export interface Measurement {
  readonly name: string;
  /** Takes long: only when it is named. */
  readonly isOnDemand?: boolean;
  run(context: BenchContext): Promise<readonly Figure[]>;
}

/** Runs a measurement several times and gives the median, so that one disturbance does not count. */
export async function median(times: number, once: () => Promise<number>): Promise<number> {
  const values: number[] = [];
  for (let i = 0; i < times; i += 1) values.push(await once());
  values.sort((a, b) => a - b);
  return values[Math.floor(values.length / 2)] ?? Number.NaN;
}
