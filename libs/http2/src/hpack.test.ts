import { expect, test } from '@jest/globals';
import { ConnectionError, ErrorCode } from './error-code.ts';
import { Field } from './field.ts';
import { Head } from './head.ts';
import { HpackDecoder } from './hpack-decoder.ts';
import { HpackEncoder } from './hpack-encoder.ts';
import { seededRandom } from './testing/seeded-random.ts';

const decode = (decoder: HpackDecoder, hex: string): string[] => {
  const bytes = Buffer.from(hex.replaceAll(' ', ''), 'hex');
  return decoder.decode(bytes, 0, bytes.length).fields.map((f) => `${f.name}: ${f.value}`);
};
const head = (...fields: readonly [string, string][]): Head => new Head(fields.map(([name, value]) => new Field(name, value)));
const pairs = (h: Head): [string, string, boolean][] => h.fields.map((f) => [f.name, f.value, f.isNeverIndexed]);

test('requests of RFC 7541 C.3 decode one after the other', () => {
  const decoder = new HpackDecoder(65_536);
  const first = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
  expect(decode(decoder, '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d')).toEqual(first);
  expect(decode(decoder, '8286 84be 5808 6e6f 2d63 6163 6865')).toEqual([...first, 'cache-control: no-cache']);
  const third = [
    ':method: GET',
    ':scheme: https',
    ':path: /index.html',
    ':authority: www.example.com',
    'custom-key: custom-value',
  ];
  expect(decode(decoder, '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65')).toEqual(third);
});

test('requests of RFC 7541 C.4, with Huffman code, decode one after the other', () => {
  const decoder = new HpackDecoder(65_536);
  const first = [':method: GET', ':scheme: http', ':path: /', ':authority: www.example.com'];
  expect(decode(decoder, '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff')).toEqual(first);
  expect(decode(decoder, '8286 84be 5886 a8eb 1064 9cbf')).toEqual([...first, 'cache-control: no-cache']);
  expect(decode(decoder, '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf').at(-1)).toBe('custom-key: custom-value');
});

test('responses of RFC 7541 C.6 decode with a table of 256 bytes, whose entries are evicted', () => {
  const decoder = new HpackDecoder(65_536);
  const first = [
    ':status: 302',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:21 GMT',
    'location: https://www.example.com',
  ];
  const hex =
    '4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3';
  expect(decode(decoder, `3fe1 01 ${hex}`)).toEqual(first);
  expect(decode(decoder, '4883 640e ffc1 c0bf')).toEqual([':status: 307', first[1], first[2], first[3]]);
  const third =
    '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07';
  expect(decode(decoder, third)).toEqual([
    ':status: 200',
    'cache-control: private',
    'date: Mon, 21 Oct 2013 20:13:22 GMT',
    'location: https://www.example.com',
    'content-encoding: gzip',
    'set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1',
  ]);
});

test.each([
  ['an index outside the tables', 'ff80 01'],
  ['index 0', '80'],
  ['an integer that does not end', '7f80 8080 8080 80'],
  ['a string beyond the block', '4003 6162'],
  ['a table larger than allowed', '3fe2 1f'],
  ['a change of the table after a field', '8220'],
  ['Huffman padding of more than seven bits', '4001 6182 1fff'],
  ['the EOS symbol', '4001 6184 ffff ffff'],
])('%s is a compression error', (_what, hex) => {
  const error = new ConnectionError(ErrorCode.compressionError, '');
  expect(() => decode(new HpackDecoder(65_536), hex)).toThrow(expect.objectContaining({ code: error.code }));
});

test('equal blocks give the same Head until the table changes', () => {
  const decoder = new HpackDecoder(65_536);
  const block = Buffer.from('828684', 'hex');
  const first = decoder.decode(block, 0, 3);
  expect(decoder.decode(block, 0, 3)).toBe(first);
  expect(first.isShared).toBe(true);
  decode(decoder, '4001 6101 62');
  expect(decoder.decode(block, 0, 3)).not.toBe(first);
});

test('a block that swells when decoded is refused without being kept', () => {
  const decoder = new HpackDecoder(8192);
  decode(decoder, `4001 61 7fa1 1e ${'62'.repeat(4000)}`);
  const bomb = Buffer.alloc(4000, 0xbe);
  const decoded = decoder.decode(bomb, 0, bomb.length);
  expect(decoded.problem).toBe(ErrorCode.enhanceYourCalm);
  expect(decoded.fields.length).toBeLessThan(3);
});

test('what an encoder makes decodes to the same, for any sequence of heads', () => {
  for (let seed = 1; seed <= 40; seed++) {
    const random = seededRandom(seed);
    const encoder = new HpackEncoder();
    const decoder = new HpackDecoder(1 << 20);
    const heads = Array.from({ length: 30 }, (_, n) => randomHead(random, n % 3 === 0));
    for (let step = 0; step < 200; step++) {
      if (random(50) === 0) encoder.limitTable(random(6000));
      const chosen = heads[random(heads.length)] ?? head();
      const block = encoder.encode(chosen);
      expect(pairs(decoder.decode(block, 0, block.length))).toEqual(pairs(chosen));
    }
  }
});

test('a field that must never be indexed stays so, and is never put into a table', () => {
  const encoder = new HpackEncoder();
  const secret = new Head([new Field('token', 'abc', true)]);
  const first = Buffer.from(encoder.encode(secret));
  expect(first[0]).toBe(0x10);
  expect(encoder.encode(secret).equals(first)).toBe(true);
});

test('any bytes decode or are a compression error, and nothing else', () => {
  for (let seed = 1; seed <= 3000; seed++) {
    const random = seededRandom(seed);
    const decoder = new HpackDecoder(16_384);
    try {
      for (let block = 0; block < 4; block++) {
        const bytes = Buffer.from(Array.from({ length: random(60) }, () => random(256)));
        decoder.decode(bytes, 0, bytes.length);
      }
    } catch (e) {
      expect(e).toMatchObject({ code: ErrorCode.compressionError });
    }
  }
});

function randomHead(random: (bound: number) => number, isShared: boolean): Head {
  const names = [':status', 'content-type', 'grpc-status', 'x-own', 'node', 'a'];
  const fields = Array.from({ length: 1 + random(6) }, () => {
    const value = String.fromCharCode(...Array.from({ length: random(40) }, () => 32 + random(200)));
    const known = random(2) === 0 ? '200' : value;
    return new Field(names[random(names.length)] ?? 'a', known, random(10) === 0);
  });
  return new Head(fields, isShared);
}
