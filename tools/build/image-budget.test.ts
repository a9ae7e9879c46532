import { expect, test } from '@jest/globals';
import { BUDGET, checkBudget } from './image-budget.ts';

const FILES = new Map(Array.from({ length: 12 }, (_, i) => [`/bin/p${i}`, (i + 1) * 1_000_000] as const));
const SIZES = { root: BUDGET.root, whole: BUDGET.whole, files: FILES };

test('an image within its budget passes, one byte more fails with the ten largest', () => {
  expect(() => checkBudget(SIZES)).not.toThrow();
  expect(() => checkBudget({ ...SIZES, root: BUDGET.root + 10_000 })).toThrow(
    /the root has 78\.01 MB, and may have 78\.00 MB.*\n +12\.00 MB {2}\/bin\/p11/,
  );
  const failure = (): void => checkBudget({ ...SIZES, whole: BUDGET.whole + 1 });
  expect(failure).toThrow('kernel, initramfs and root');
  expect(failure).not.toThrow('/bin/p0');
});
