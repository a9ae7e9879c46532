import { expect, test } from '@jest/globals';
import { LineSplitter } from './line-splitter.ts';

test('lines are whole wherever the chunks are cut, also inside a character', () => {
  const bytes = Buffer.from('ein Töpfchen\n\nzwei\nletzte');
  for (let size = 1; size <= bytes.length; size++) {
    const splitter = new LineSplitter();
    const lines: string[] = [];
    for (let at = 0; at < bytes.length; at += size) lines.push(...splitter.push(bytes.subarray(at, at + size)));
    expect([...lines, ...splitter.end()]).toEqual(['ein Töpfchen', '', 'zwei', 'letzte']);
  }
});

test('a line without an end is cut, so that memory does not grow with it', () => {
  const splitter = new LineSplitter();
  const lines: string[] = [];
  for (let i = 0; i < 50; i++) lines.push(...splitter.push(Buffer.alloc(100_000, 'x')));
  expect(lines.length).toBeGreaterThan(3);
});
