import { expect, test } from '@jest/globals';
import { parsePowerRequest } from './parse-request.ts';

test.each([
  ['poweroff', [], 'shutdown', 'default'],
  ['shutdown', [], 'shutdown', 'default'],
  ['reboot', [], 'reboot', 'default'],
  ['reboot', ['-p'], 'shutdown', 'default'],
  ['poweroff', ['--reboot', '--powercycle'], 'reboot', 'powercycle'],
  ['shutdown', ['-r', '-f'], 'reboot', 'force'],
  ['shutdown', ['-H', '--force'], 'shutdown', 'force'],
  ['node', ['--reboot'], 'reboot', 'default'],
])('%s %j asks for %s, %s', (name, argv, action, mode) => {
  expect(parsePowerRequest(name, argv)).toEqual({ ok: true, value: { action, mode, runDir: '' } });
});

test.each([
  ['shutdown', ['-h', 'now'], /one of --poweroff.*found|--reboot/, 2],
  ['node', [], /--reboot or --poweroff/, 1],
  ['poweroff', ['--powercycle'], /a reboot/, 1],
])('%s %j asks for nothing, and is told what could be asked', (name, argv, expected, count) => {
  const request = parsePowerRequest(name, argv);
  const problems = request.ok ? [] : request.problems;
  expect(problems).toHaveLength(count);
  expect(problems[0]?.expected).toMatch(expected);
});
