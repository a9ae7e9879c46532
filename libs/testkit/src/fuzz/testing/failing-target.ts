import { fuzzTarget } from '../fuzz-target.ts';

/** A target that fails for one part of its inputs. */
export const target = fuzzTarget<string>({
  generate: (random) => Array.from({ length: 60 }, () => random.pick(['a', 'b', 'x', 'y', '\n'])).join(''),
  check: (text) => {
    if (text.includes('xy')) throw new Error(`an xy was found in ${text.length} characters`);
  },
});
