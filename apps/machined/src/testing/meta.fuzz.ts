import { hash } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { fuzzTarget, mutateBytes } from '@minos/testkit';
import { encodeMeta, META_BYTES, type MetaValues, parseMeta } from '../meta/meta-format.ts';

/** Size of what is changed: the values stand at the beginning, and the checksum is made to fit afterwards. */
const HEAD = 512;
const TAIL = 36;

/** Puts bytes before the zeros of a copy of META, with a checksum that fits. */
function copyWith(head: Buffer): Buffer {
  const bytes = encodeMeta(new Map());
  head.copy(bytes, 0, 0, Math.min(head.length, META_BYTES - TAIL));
  bytes.fill(0, META_BYTES - TAIL, META_BYTES - 4);
  hash('sha256', bytes, 'buffer').copy(bytes, META_BYTES - TAIL);
  return bytes;
}

function refuse(values: MetaValues): void {
  const again = parseMeta(encodeMeta(values));
  if (!again.ok) throw new Error(`what was written does not read: ${JSON.stringify(again.problems)}`);
  const sorted = [...values].sort(([a], [b]) => a - b);
  if (!isDeepStrictEqual([...again.value], sorted)) throw new Error('what was written reads as something else');
}

/** Any bytes are a copy of META or a problem; what is read is written so that it reads the same. */
export const target = fuzzTarget<Buffer>({
  generate: (random) => {
    const count = random.below(8);
    const values = new Map(Array.from({ length: count }, () => [1 + random.below(255), random.bytes(random.below(40))] as const));
    return mutateBytes(encodeMeta(values).subarray(0, HEAD), random);
  },
  check: (head) => {
    for (const bytes of [head, copyWith(head)]) {
      const result = parseMeta(bytes);
      if (result.ok) refuse(result.value);
      else if (result.problems.length === 0) throw new Error('refused without a problem');
    }
  },
});
