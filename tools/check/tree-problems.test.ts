import { expect, test } from '@jest/globals';
import { nameProblems } from './tree-problems.ts';

const REQUIRED = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'LICENSE', '.ci/run'];

test('a stray thing at the top level and a file named for nothing are found', () => {
  const problems = nameProblems([...REQUIRED, 'docs/tour.md', 'libs/base/src/utils.ts', '.gitignore', 'apps/apid/src/app.ts']);
  expect(problems).toEqual([
    expect.stringMatching(/^docs: is not one of/),
    expect.stringMatching(/^libs\/base\/src\/utils\.ts: says nothing/),
  ]);
});

test('a missing page is found', () => {
  expect(nameProblems(REQUIRED.slice(1))).toEqual(['README.md: is missing']);
});
