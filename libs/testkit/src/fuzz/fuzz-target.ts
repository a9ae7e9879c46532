import type { FuzzRandom } from './fuzz-random.ts';

/** What is fed: text, or bytes. */
export type FuzzInput = string | Buffer;

/**
 * Something to be tried with inputs that nobody would write. A module `<name>.fuzz.ts` exports one as `target`; it runs in a thread
 * of its own, so that one that hangs can be ended.
 */
export interface FuzzTarget<I extends FuzzInput = FuzzInput> {
  /** An input for this place in the sequence of random numbers; must not depend on earlier inputs. */
  generate(random: FuzzRandom): I;
  /** Throws an error that says what should not have happened; an ordinary refusal of the input is no error. */
  check(input: I): void | Promise<void>;
  /** Releases what the target holds; called once, at the end. */
  close?(): Promise<void>;
}

/** Makes a target whose input type is not needed outside any more. */
export function fuzzTarget<I extends FuzzInput>(target: FuzzTarget<I>): FuzzTarget {
  return {
    generate: target.generate,
    // A target is given what it generated, or a part of it, of the same kind.
    check: (input) => target.check(input as I),
    ...(target.close === undefined ? {} : { close: target.close }),
  };
}
