import { fuzzTarget } from '../fuzz-target.ts';

const kept: string[][] = [];

/** A target that keeps something of each input. */
export const target = fuzzTarget<string>({
  generate: (random) => Array.from({ length: 60 }, () => random.pick(['a', 'b', 'x', 'y', '\n'])).join(''),
  check: (text) => {
    kept.push([...text.repeat(100)]);
  },
});
