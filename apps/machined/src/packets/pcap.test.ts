import { expect, test } from '@jest/globals';
import { pcapHeader, pcapRecords } from './pcap.ts';

test('a stream begins with its marks, its snap length and the kind of its link', () => {
  expect(pcapHeader(65_535, 1).toString('hex')).toBe('d4c3b2a1020004000000000000000000ffff000001000000');
  expect(pcapHeader(96, 772).readUInt32LE(20)).toBe(1);
  expect(pcapHeader(96, 65_534).readUInt32LE(20)).toBe(101);
});

test('a packet stands after its time and both lengths', () => {
  const packet = { atUs: 1_700_000_000_000_123n, bytes: Buffer.from('abc'), wireBytes: 60 };
  const record = pcapRecords([packet, packet]);
  expect(record).toHaveLength(38);
  expect([0, 4, 8, 12].map((at) => record.readUInt32LE(at))).toEqual([1_700_000_000, 123, 3, 60]);
  expect(record.toString('utf8', 16, 19)).toBe('abc');
});
