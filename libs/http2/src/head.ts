import type { Field } from './field.ts';

/** What a header block is for: it decides which pseudo header fields it may hold. */
export type HeadKind = 'request' | 'response' | 'trailers';

/** One header block. Never changed once made: one object may stand for many equal blocks of a connection. */
export class Head {
  readonly fields: readonly Field[];
  /** Whether the same bytes give this same object again, so that it pays to keep what was made of it in `memo`. */
  readonly isShared: boolean;
  /** What the receiver made of it. Belongs to one connection only: a decoder never hands one Head to two. */
  memo: unknown;
  /** What it was validated as; undefined until it was. Set by `checkHead`. */
  checkedAs: HeadKind | undefined;
  /** HTTP/2 error code for which the block must be refused, 0 when it is fine. */
  problem = 0;
  /** Declared length of the body, −1 when it is not declared. */
  contentLength = -1;

  constructor(fields: readonly Field[], isShared = false) {
    this.fields = fields;
    this.isShared = isShared;
  }

  /** The first value under a lower-case name. */
  get(name: string): string | undefined {
    for (const field of this.fields) if (field.name === name) return field.value;
    return undefined;
  }
}
