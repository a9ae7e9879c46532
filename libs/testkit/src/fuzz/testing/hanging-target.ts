import { fuzzTarget } from '../fuzz-target.ts';

/** A target that never ends for some of its inputs. */
export const target = fuzzTarget<string>({
  generate: (random) => Array.from({ length: 60 }, () => random.pick(['a', 'b', 'x', 'y', '\n'])).join(''),
  check: (text) => {
    while (text.includes('x'));
  },
});
