import { expect, test } from '@jest/globals';
import { decodeRecords, encodeRecord } from './record-file.ts';

const TEXTS = ['begin', '', 'a service ended', 'x'.repeat(300), 'end'];
const records = TEXTS.map((text) => encodeRecord(Buffer.from(text)));
const file = Buffer.concat(records);
const texts = (bytes: Buffer): string[] => decodeRecords(bytes).payloads.map(String);

test('a file that was cut at any byte opens, and has lost no record that was whole', () => {
  expect(texts(file)).toEqual(TEXTS);
  for (let cut = 0; cut <= file.length; cut++) {
    let whole = 0;
    for (let end = 0; whole < records.length; whole++) {
      end += records[whole]?.length ?? 0;
      if (end > cut) break;
    }
    expect(texts(file.subarray(0, cut))).toEqual(TEXTS.slice(0, whole));
  }
});

test('after a cut at any byte, what is appended behind the whole records can be read', () => {
  for (let cut = 0; cut <= file.length; cut++) {
    const { validBytes, payloads } = decodeRecords(file.subarray(0, cut));
    const next = Buffer.concat([file.subarray(0, validBytes), encodeRecord(Buffer.from('next'))]);
    expect(texts(next)).toEqual([...payloads.map(String), 'next']);
  }
});

test('a byte that is not what was written ends the records before it', () => {
  for (let at = 0; at < file.length; at++) {
    const damaged = Buffer.from(file);
    damaged[at] = (damaged[at] ?? 0) ^ 0x41;
    const read = texts(damaged);
    expect(read).toEqual(TEXTS.slice(0, read.length));
    expect(read.length).toBeLessThan(TEXTS.length);
  }
  expect(texts(Buffer.alloc(100))).toEqual([]);
});
