import { expect, test } from '@jest/globals';
import { decodeGrpcMessage, encodeGrpcMessage } from './grpc-message.ts';
import { GrpcMessages, grpcMessage, messagePool } from './grpc-messages.ts';
import { formatGrpcTimeout, parseGrpcTimeout } from './grpc-timeout.ts';

test.each([
  ['29980110u', 29_980.11],
  ['1799991m', 1_799_991],
  ['5S', 5000],
  ['2M', 120_000],
  ['1H', 3_600_000],
  ['500000n', 0.5],
])('the timeout %s is %d ms', (text, ms) => {
  expect(parseGrpcTimeout(text)).toBeCloseTo(ms);
});

test.each(['', '5', 'S', '123456789S', '-1S', '1s', undefined])('%j is no timeout', (text) => {
  expect(parseGrpcTimeout(text)).toBeUndefined();
});

test('what is left of a time is never written as nothing, nor longer than it is', () => {
  expect(formatGrpcTimeout(0)).toBe('1m');
  expect(formatGrpcTimeout(1500.9)).toBe('1500m');
  expect(parseGrpcTimeout(formatGrpcTimeout(1e9))).toBeLessThanOrEqual(1e9);
});

test('a message goes through its escapes whole, and only what must be is escaped', () => {
  const text = 'dial tcp [::1]:50000: 100 % of "ü" 𝄞\n';
  expect(encodeGrpcMessage('a:b/c d')).toBe('a:b/c d');
  expect(encodeGrpcMessage('100%')).toBe('100%25');
  expect(encodeGrpcMessage(' reading: ')).toBe('%20reading:%20');
  expect(encodeGrpcMessage(text)).toMatch(/^[ -~]*$/);
  expect(decodeGrpcMessage(encodeGrpcMessage(text))).toBe(text);
  expect(decodeGrpcMessage('50% of %zz')).toBe('50% of %zz');
});

test('messages come out whole however they are cut', () => {
  const bodies = [Buffer.alloc(0), Buffer.from('a'), Buffer.alloc(70_000, 'b'), Buffer.from('c')];
  const bytes = Buffer.concat(bodies.map((body) => grpcMessage(body)));
  for (const step of [1, 3, 4096, 200_000]) {
    const messages = new GrpcMessages(messagePool());
    const got: Buffer[] = [];
    for (let at = 0; at < bytes.length; at += step) {
      messages.push(bytes, at, Math.min(at + step, bytes.length), (message) => got.push(Buffer.from(message)));
    }
    expect(got.map((b) => b.toString())).toEqual(bodies.map((b) => b.toString()));
    expect(messages.pending).toBe(0);
  }
});

test('a compressed message, and one larger than 32 MiB, are refused', () => {
  expect(() => new GrpcMessages(messagePool()).push(Buffer.from([1, 0, 0, 0, 0]), 0, 5, () => undefined)).toThrow(
    expect.objectContaining({ kind: 'internal' }),
  );
  expect(() => new GrpcMessages(messagePool()).push(Buffer.from([0, 2, 0, 0, 1]), 0, 5, () => undefined)).toThrow(
    expect.objectContaining({ kind: 'exhausted' }),
  );
});

test('any bytes are messages, wait for more, or are refused, and what waits is bounded by what came', () => {
  let state = 7;
  const random = (bound: number): number => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return (state >>> 8) % bound;
  };
  for (let run = 0; run < 500; run++) {
    const messages = new GrpcMessages(messagePool());
    let came = 0;
    try {
      for (let n = 0; n < 20; n++) {
        const bytes = Buffer.from(Array.from({ length: random(40) }, () => (random(3) === 0 ? 0 : random(256))));
        came += bytes.length;
        messages.push(bytes, 0, bytes.length, () => undefined);
        expect(messages.pending).toBeLessThanOrEqual(came);
      }
    } catch (e) {
      expect(e).toMatchObject({ kind: expect.stringMatching(/^(exhausted|internal)$/) });
    }
  }
});
