import { expect, test } from '@jest/globals';
import { LabelQuery, LabelTerm_Operation as Op } from '@minos/api/cosi';
import { matcherOf } from './resource-query.ts';
import type { ResourceMetadata } from './state.ts';

const LABELS = { role: 'cp', rack: '7', empty: '' };

function metadata(id = 'a', labels: Readonly<Record<string, string>> = LABELS): ResourceMetadata {
  const common = { namespace: 'n', type: 't', version: 1n, owner: '', phase: 'running', createdMs: 0, updatedMs: 0 } as const;
  return { ...common, id, finalizers: [], labels, annotations: {} };
}

const query = (...terms: readonly object[]): LabelQuery => LabelQuery.fromPartial({ terms: [...terms] });
const isMatched = (...queries: readonly LabelQuery[]): boolean => matcherOf(queries, undefined)?.(metadata()) ?? true;

test.each([
  ['exists', { key: 'role', op: Op.EXISTS }, true],
  ['exists, with an empty value', { key: 'empty', op: Op.EXISTS }, true],
  ['exists, not there', { key: 'none', op: Op.EXISTS }, false],
  ['does not exist', { key: 'none', op: Op.NOT_EXISTS }, true],
  ['does not exist, there', { key: 'role', op: Op.NOT_EXISTS }, false],
  ['equal', { key: 'role', op: Op.EQUAL, value: ['cp'] }, true],
  ['equal, another value', { key: 'role', op: Op.EQUAL, value: ['worker'] }, false],
  ['equal, not there', { key: 'none', op: Op.EQUAL, value: [''] }, false],
  ['one of', { key: 'role', op: Op.IN, value: ['worker', 'cp'] }, true],
  ['one of, none of them', { key: 'role', op: Op.IN, value: ['worker', 'init'] }, false],
  ['below, as text', { key: 'rack', op: Op.LT, value: ['8'] }, true],
  ['below, as text, where numbers would differ', { key: 'rack', op: Op.LT, value: ['10'] }, false],
  ['not above, as text', { key: 'rack', op: Op.LTE, value: ['7'] }, true],
  ['below, as numbers', { key: 'rack', op: Op.LT_NUMERIC, value: ['10'] }, true],
  ['below, as numbers, the same', { key: 'rack', op: Op.LT_NUMERIC, value: ['7'] }, false],
  ['not above, as numbers', { key: 'rack', op: Op.LTE_NUMERIC, value: ['7.0'] }, true],
  ['not above, as numbers, of a text', { key: 'role', op: Op.LTE_NUMERIC, value: ['7'] }, false],
  ['another value, by inversion', { key: 'role', op: Op.EQUAL, value: ['worker'], invert: true }, true],
  ['not there, by inversion', { key: 'none', op: Op.EXISTS, invert: true }, true],
])('a label term: %s', (_, term, expected) => {
  expect(isMatched(query(term))).toBe(expected);
});

const CP = { key: 'role', op: Op.EQUAL, value: ['cp'] };
const WORKER = { key: 'role', op: Op.EQUAL, value: ['worker'] };
const RACK = { key: 'rack', op: Op.EXISTS };

test('the terms of a query all have to hold, of several queries one has to', () => {
  expect(isMatched(query(CP, RACK))).toBe(true);
  expect(isMatched(query(CP, WORKER))).toBe(false);
  expect(isMatched(query(WORKER), query(CP))).toBe(true);
});

test('no query and a query without terms match everything', () => {
  expect(matcherOf([], undefined)).toBeUndefined();
  expect(isMatched(query(WORKER), query())).toBe(true);
});

test('a pattern of ids and a query of labels both have to hold', () => {
  const matches = matcherOf([query(CP)], { regexp: '^eth[0-9]$' });
  expect(matches?.(metadata('eth0'))).toBe(true);
  expect(matches?.(metadata('lo'))).toBe(false);
  expect(matches?.(metadata('eth0', {}))).toBe(false);
});
