import { describe, expect, test } from '@jest/globals';
import { ErrorCode } from '../error-code.ts';
import { HpackDecoder } from '../hpack-decoder.ts';
import { seededRandom } from '../testing/seeded-random.ts';
import { FRAME_RULES } from './frame-rules.ts';
import { HPACK_RULES } from './hpack-rules.ts';
import { MESSAGE_RULES } from './message-rules.ts';
import type { Rule } from './rule.ts';
import { inputOf, runRule } from './run-rule.ts';
import { SETTING_RULES } from './setting-rules.ts';
import { STREAM_RULES } from './stream-rules.ts';
import { TYPE_RULES } from './type-rules.ts';

const RULES: readonly Rule[] = [...FRAME_RULES, ...STREAM_RULES, ...TYPE_RULES, ...SETTING_RULES, ...MESSAGE_RULES];
const named = <R extends { section: string; must: string }>(rules: readonly R[]): [string, R][] =>
  rules.map((rule) => [`§${rule.section} ${rule.must}`, rule]);

test('the table has a row for each of at least 150 rules', () => {
  expect(RULES.length + HPACK_RULES.length).toBeGreaterThanOrEqual(250);
});

describe('RFC 9113', () => {
  test.each(named(RULES))('%s', async (_name, rule) => {
    const lines = await runRule(rule);
    const has = (wanted: string | RegExp): boolean =>
      lines.some((line) => (typeof wanted === 'string' ? line === wanted : wanted.test(line)));
    const told = lines.join('\n');
    expect({ missing: rule.expect.filter((wanted) => !has(wanted)).map(String), told }).toEqual({ missing: [], told });
    expect({ wrong: (rule.never ?? []).filter(has).map(String), told }).toEqual({ wrong: [], told });
    expect(told).not.toContain('BUG');
  });
});

describe('RFC 7541', () => {
  test.each(named(HPACK_RULES))('%s', (_name, { blocks, gives }) => {
    const decoder = new HpackDecoder(65_536);
    const decode = (hex: string): string[] => {
      const bytes = Buffer.from(hex, 'hex');
      const { fields } = decoder.decode(bytes, 0, bytes.length);
      return fields.map((f) => `${f.name}: ${f.value}${f.isNeverIndexed ? '!' : ''}`);
    };
    for (const before of blocks.slice(0, -1)) decode(before);
    const last = blocks.at(-1) ?? '';
    if (gives === undefined) expect(() => decode(last)).toThrow(expect.objectContaining({ code: ErrorCode.compressionError }));
    else expect(decode(last)).toEqual(gives);
  });
});

describe('bytes in pieces give what they give at once', () => {
  test('every rule, in pieces of 1 to 64 bytes', async () => {
    const random = seededRandom(7);
    for (const rule of RULES) {
      if (rule.input.some((part) => part.length > 4096)) continue;
      const whole = settled(await runRule(rule));
      for (const size of [1, 2, 3, 8, 9, 10, 17, 64]) {
        const cut = (at: number): number => (at === 0 ? 1 + random(size) : size);
        expect([rule.must, size, settled(await runRule(rule, cut))]).toEqual([rule.must, size, whole]);
      }
    }
  }, 60_000);

  test('a connection that does a bit of everything, cut at every offset into pieces of every size up to 64', async () => {
    const all = MESSAGE_RULES.filter((rule) => rule.role === 'server').slice(0, 8);
    const input = [...all.flatMap((rule, n) => rule.input.map((part) => renumbered(part, 2 * n + 1)))];
    const rule: Rule = { section: 'all', must: 'all', role: 'server', input, expect: [] };
    const whole = settled(await runRule(rule));
    expect(whole.length).toBeGreaterThan(20);
    expect(inputOf(rule).length).toBeGreaterThan(500);
    for (let size = 1; size <= 64; size++) {
      for (let offset = 0; offset < size; offset++) {
        const lines = settled(await runRule(rule, (at) => (at === 0 ? offset || size : size)));
        if (lines.join('\n') !== whole.join('\n')) expect([size, offset, lines]).toEqual([size, offset, whole]);
      }
    }
  }, 60_000);
});

/** Without the bodies of streams that were reset: how much of those was seen before is nobody's promise. */
function settled(lines: readonly string[]): string[] {
  const lost = new Set(lines.flatMap((line) => /^in (\d+) reset/.exec(line)?.[1] ?? []));
  return lines.filter((line) => !lost.has(/^in (\d+) body/.exec(line)?.[1] ?? ''));
}

/** The same frame on another stream. */
function renumbered(frame: Buffer, id: number): Buffer {
  const other = Buffer.from(frame);
  other.writeUInt32BE(id, 5);
  return other;
}
