import { describe, expect, test } from '@jest/globals';
import { countProgress } from './jest-suite.ts';
import { countTasks } from './nx-suite.ts';
import { closingLine, sumOutcomes } from './outcome.ts';

function lines(...rows: readonly object[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join('');
}

const ended = { event: 'end', passed: 2, failures: [], skips: [], isBroken: false };

describe('the progress of a Jest run', () => {
  test('counts tests, names the failed and the skipped ones', () => {
    const text = lines(
      { event: 'start', path: '/r/a.test.ts' },
      { ...ended, path: '/r/a.test.ts', failures: ['adds'], skips: ['waits'] },
    );
    expect(countProgress({ text, root: '/r', hasFailed: true, limitMs: undefined })).toEqual({
      passed: 2,
      failures: ['a.test.ts: adds'],
      skips: ['a.test.ts: waits'],
    });
  });

  test('a file that hangs is one failure that names it, and what passed before still counts', () => {
    const text = lines(
      { event: 'start', path: '/r/a.test.ts' },
      { ...ended, path: '/r/a.test.ts' },
      { event: 'start', path: '/r/b.test.ts' },
    );
    expect(countProgress({ text, root: '/r', hasFailed: true, limitMs: 60_000 })).toEqual({
      passed: 2,
      failures: ['b.test.ts: still running after 60 s'],
      skips: [],
    });
  });

  test('a runner that fails without a failed test is a failure all the same', () => {
    expect(countProgress({ text: '', root: '/r', hasFailed: true, limitMs: undefined }).failures).toHaveLength(1);
  });

  test('a file that cannot be loaded is a failure', () => {
    const text = lines({ ...ended, passed: 0, path: '/r/a.test.ts', isBroken: true });
    expect(countProgress({ text, root: '/r', hasFailed: true, limitMs: undefined }).failures).toEqual([
      'a.test.ts: could not be run',
    ]);
  });
});

describe('the output of nx', () => {
  const output = [
    '> nx run @minos/base:check',
    '> nx run @minos/rpc:check',
    ' NX   Ran target check for 2 projects',
    'Failed tasks:',
    '',
    '- @minos/rpc:check',
    '',
  ].join('\n');

  test('each project is one test', () => {
    expect(countTasks({ text: output, target: 'check', code: 1, isLate: false })).toEqual({
      passed: 1,
      failures: ['nx run @minos/rpc:check'],
      skips: [],
    });
  });

  test('nx that fails by itself is a failure', () => {
    expect(countTasks({ text: 'cannot read nx.json', target: 'check', code: 1, isLate: false }).failures).toHaveLength(1);
  });
});

test('the closing line is plain, and names skipped tests only when there are any', () => {
  const one = { passed: 3, failures: ['a'], skips: [] };
  expect(closingLine(one)).toBe('3 passed, 1 failed');
  expect(closingLine(sumOutcomes([one, { passed: 1, failures: [], skips: ['b'] }]))).toBe('4 passed, 1 failed, 1 skipped');
});
