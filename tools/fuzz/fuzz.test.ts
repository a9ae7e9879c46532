import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { fuzzModules } from './fuzz-modules.ts';
import { parseFuzzCommand } from './fuzz-options.ts';

test('targets, time, seed and a run are read; what is not known is refused', () => {
  expect(parseFuzzCommand(['yaml', '--seconds', '9', '--seed', '7', '--run', '3'], 1)).toEqual({
    names: ['yaml'],
    seconds: 9,
    seed: 7,
    run: 3,
  });
  expect(parseFuzzCommand([], 42)).toEqual({ names: [], seconds: 60, seed: 42, run: undefined });
  expect(() => parseFuzzCommand(['--seed', 'x'], 1)).toThrow('--seed is a whole number, not x');
  expect(() => parseFuzzCommand(['--colour'], 1)).toThrow('usage: npm run fuzz');
});

test('every parser that reads what others wrote is a target', async () => {
  const names = [...(await fuzzModules(join(import.meta.dirname, '../..'))).keys()];
  expect(names).toEqual(
    expect.arrayContaining(['config', 'kernel', 'meta', 'patch', 'resource', 'schema', 'talosconfig', 'wire', 'yaml']),
  );
});
