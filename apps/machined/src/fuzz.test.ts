import { expect, test } from '@jest/globals';
import { fuzzBriefly } from '@minos/testkit';

test.each(['kernel', 'meta', 'resource', 'wire'])(
  'no input upsets %s',
  async (name) => {
    expect(await fuzzBriefly(name, new URL(`./testing/${name}.fuzz.ts`, import.meta.url).href)).toBeUndefined();
  },
  120_000,
);
