import { expect, test } from '@jest/globals';
import { configArguments, parseCommandLine } from './kernel-command-line.ts';

test('words are names with or without a value, and quotes hold blanks together', () => {
  expect(parseCommandLine('quiet console=ttyS0 a="b c" "d=e f"\n')).toEqual([
    ['quiet', ''],
    ['console', 'ttyS0'],
    ['a', 'b c'],
    ['d', 'e f'],
  ]);
});

test('both names of the source are known, the last counts, and none is none', () => {
  expect(configArguments('talos.config=http://a/ minos.config=http://b/?x=1').source).toBe('http://b/?x=1');
  expect(configArguments('talos.config=none').source).toBeUndefined();
  expect(configArguments('').source).toBeUndefined();
});

test('pieces of an embedded configuration are put together', () => {
  expect(configArguments('talos.config.early=ab ip=1.2.3.4:::::eth0 talos.config.early=cd')).toMatchObject({
    early: 'abcd',
    inline: '',
    ip: '1.2.3.4:::::eth0',
  });
});
