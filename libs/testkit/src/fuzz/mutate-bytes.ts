import type { FuzzRandom } from './fuzz-random.ts';

const NUMBERS = [0, 1, 0x7f, 0x80, 0xff];

const MUTATIONS: readonly ((bytes: Buffer, at: number, random: FuzzRandom) => Buffer)[] = [
  (bytes, at, random) => {
    bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << random.below(8)), at);
    return bytes;
  },
  (bytes, at, random) => {
    bytes.writeUInt8(random.pick(NUMBERS), at);
    return bytes;
  },
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), random.bytes(1 + random.below(8)), bytes.subarray(at)]),
  (bytes, at, random) => Buffer.concat([bytes.subarray(0, at), bytes.subarray(at + 1 + random.below(16))]),
  (bytes, at) => bytes.subarray(0, at),
  (bytes, at, random) => {
    const part = bytes.subarray(at, at + 1 + random.below(32));
    return Buffer.concat([bytes.subarray(0, at), part, part, bytes.subarray(at)]);
  },
];

/** Bytes with a few bits, bytes and ranges changed, lost or doubled; the given ones stay as they are. */
export function mutateBytes(original: Buffer, random: FuzzRandom): Buffer {
  let bytes = Buffer.from(original);
  for (let left = 1 + random.below(6); left > 0 && bytes.length > 0; left--) {
    bytes = Buffer.from(random.pick(MUTATIONS)(bytes, random.below(bytes.length), random));
  }
  return bytes;
}
