import { expect, test } from '@jest/globals';
import { actionsOf } from './key-actions.ts';

test('F1 to F3 choose the screen whichever terminal sends them, and so do digits', () => {
  for (const keys of ['\x1bOP\x1bOQ\x1bOR', '\x1b[11~\x1b[12~\x1b[13~', '\x1b[[A\x1b[[B\x1b[[C', '123'])
    expect(actionsOf(keys)).toEqual(['summary', 'monitor', 'resources']);
});

test('left and right, p and n choose the node', () => {
  expect(actionsOf('\x1b[D\x1b[Cpn')).toEqual(['previous-node', 'next-node', 'previous-node', 'next-node']);
});

test('q leaves, and so does what Ctrl-C sends in raw mode', () => {
  expect(actionsOf('q')).toEqual(['quit']);
  expect(actionsOf('\x03')).toEqual(['quit']);
});

test('an escape alone goes back; a sequence that means nothing is skipped whole', () => {
  expect(actionsOf('\x1b')).toEqual(['back']);
  expect(actionsOf('\x1b[1;5Pq')).toEqual(['quit']);
  expect(actionsOf('\x1b[24~x\x1bOSj')).toEqual(['down']);
});
