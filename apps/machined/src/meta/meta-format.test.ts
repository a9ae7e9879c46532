import { createHash } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { encodeMeta, keyText, META_BYTES, parseMeta } from './meta-format.ts';

const VALUES = new Map([
  [0x0c, Buffer.from('rack 7')],
  [0x0a, Buffer.from('a: 1\n')],
  [0xff, Buffer.alloc(0)],
]);

test('what is written is read again, also empty and binary values', () => {
  const read = parseMeta(encodeMeta(VALUES));
  expect(read).toEqual({ ok: true, value: VALUES });
  expect(encodeMeta(new Map())).toHaveLength(META_BYTES);
  expect(parseMeta(encodeMeta(new Map()))).toEqual({ ok: true, value: new Map() });
});

test('a value that does not fit is refused with its key', () => {
  const half = Buffer.alloc(META_BYTES / 2);
  const fault = (() => {
    try {
      return encodeMeta(
        new Map([
          [0x0c, half],
          [0x0d, half],
        ]),
      );
    } catch (e) {
      return e;
    }
  })();
  expect(isFault(fault, 'exhausted') ? fault.message : '').toContain('0x0d');
});

test('whatever byte is wrong, nothing is read and nothing thrown', () => {
  const good = encodeMeta(VALUES);
  for (const at of [0, 3, 4, 7, 8, 11, 12, 20, 40, META_BYTES - 36, META_BYTES - 5, META_BYTES - 4, META_BYTES - 1]) {
    const bad = Buffer.from(good);
    bad.writeUInt8(bad.readUInt8(at) ^ 0x55, at);
    expect([at, parseMeta(bad).ok]).toEqual([at, false]);
  }
  for (const bytes of [0, 1, 100, META_BYTES - 1, META_BYTES + 1]) expect(parseMeta(Buffer.alloc(bytes)).ok).toBe(false);
});

test('a size that leads out is a problem, although the checksum fits', () => {
  for (const size of [META_BYTES, 0xffffffff, META_BYTES - 36 - 11]) {
    const bytes = encodeMeta(VALUES);
    bytes.writeUInt32BE(size, 8);
    expect([size, parseMeta(sealed(bytes)).ok]).toEqual([size, false]);
  }
  expect(parseMeta(sealed(encodeMeta(VALUES))).ok).toBe(true);
});

/** With a checksum that fits, as a foreign tool may write it. */
function sealed(bytes: Buffer): Buffer {
  bytes.fill(0, META_BYTES - 36, META_BYTES - 4);
  createHash('sha256')
    .update(bytes)
    .digest()
    .copy(bytes, META_BYTES - 36);
  return bytes;
}

test('keys are written as everywhere', () => {
  expect([keyText(0x0a), keyText(0xff)]).toEqual(['0x0a', '0xff']);
});
