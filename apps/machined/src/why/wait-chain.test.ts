import { expect, test } from '@jest/globals';
import { isFault } from '@minos/base';
import { findSubject, waitChain, waitsBelow } from './wait-chain.ts';
import { metNode, unmetNode } from './wait-node.ts';

const graph = new Map(
  [
    unmetNode('machine', 'm', { waitsFor: ['service/a', 'network', 'task/x'] }),
    unmetNode('service/a', 'a', { waitsFor: ['service/b'] }),
    unmetNode('service/b', 'b', { waitsFor: ['service/a'] }),
    unmetNode('network', 'n', { waitsFor: ['link/eth0'] }),
    unmetNode('link/eth0', 'l', { waitsFor: ['gone'] }),
    unmetNode('task/x', 'x', { waitsFor: ['configuration'] }),
    metNode('configuration', 'c'),
  ].map((node) => [node.id, node]),
);

test('the deepest thing is found over what is not met, of equals the most important, and circles end', () => {
  expect(waitChain(graph, 'machine')).toEqual(['machine', 'service/a', 'service/b']);
  expect(waitChain(graph, 'network')).toEqual(['network', 'link/eth0']);
  expect(waitChain(graph, 'task/x')).toEqual(['task/x']);
  expect(waitChain(graph, 'configuration')).toEqual([]);
});

test('what a subject waits for comes with it, met or not', () => {
  expect(waitsBelow(graph, 'task/x').map(({ id }) => id)).toEqual(['task/x', 'configuration']);
});

test('a subject goes by its id or a part of it; for an unknown one the error lists what there is', () => {
  expect(findSubject(graph, '')).toBe('machine');
  expect(findSubject(graph, 'A')).toBe('service/a');
  expect(findSubject(graph, 'eth0')).toBe('link/eth0');
  expect(() => findSubject(graph, 'nobody')).toThrow(/service\/a/);
  let caught: unknown;
  try {
    findSubject(graph, 'nobody');
  } catch (e) {
    caught = e;
  }
  expect(isFault(caught, 'missing')).toBe(true);
});
