import { expect, test } from '@jest/globals';
import { isKept } from '../report.ts';
import { bootFigures, usedMemory } from './vm-boot.ts';

const boots = (...times: readonly number[]) => times.map((answerS) => ({ answerS, cpuS: answerS * 2 }));

test('memory in use is what nobody else can have, in megabytes', () => {
  expect(usedMemory('MemTotal:         500000 kB\nMemFree:          100000 kB\nMemAvailable:     400000 kB\n')).toBe(102);
  expect(usedMemory('MemTotal: 500000 kB\n')).toBeNaN();
});

test('a boot is told by its median and beside the bare one; one that is too slow breaks the promise', () => {
  const figures = bootFigures(boots(12, 40, 11), boots(8, 7, 9));
  expect(figures.map(({ name, value }) => [name, value])).toEqual([
    ['boot to the first answer: Minos', 12],
    ['boot to the first answer: bare server', 8],
    ['boot to the first answer: Minos / bare server', 1.5],
    ['boot, time of processors: Minos', 24],
    ['boot, time of processors: bare server', 16],
    ['boot, time of processors: Minos / bare server', 1.5],
  ]);
  expect(figures.every(isKept)).toBe(true);
  expect(bootFigures(boots(14), boots(8)).filter((figure) => !isKept(figure))).toHaveLength(2);
});
