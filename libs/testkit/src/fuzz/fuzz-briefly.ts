import { runFuzz } from './run-fuzz.ts';

/** How long each target runs among the unit tests, and how many inputs are enough. */
const BOUNDS = { seed: 1, seconds: 4, maxRuns: 20_000 };

/**
 * Runs a target as a part of the unit tests: always the same inputs, as many as there is time for; `npm run fuzz` runs longer, with other ones. Undefined
 * when all went well, else what went wrong, with the seed and the smallest input that was found.
 */
export async function fuzzBriefly(name: string, module: string): Promise<string | undefined> {
  const { failure, runs } = await runFuzz(module, BOUNDS);
  if (runs === 0) return `${name}: no input was tried`;
  if (failure === undefined) return undefined;
  return `${failure.message}\nagain: npm run fuzz -- ${name} --seed ${BOUNDS.seed} --run ${failure.run}\nwith:\n${failure.input}`;
}
