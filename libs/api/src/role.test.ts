import { expect, test } from '@jest/globals';
import { parseRoles, ROLES, roleNames } from './role.ts';

test('blanks are cut, empty names skipped and repetitions dropped', () => {
  const set = parseRoles([' os:reader ', '', '  ', 'os:reader', 'os:admin']);
  expect([...set.known].sort()).toEqual(['os:admin', 'os:reader']);
  expect(set.unknown).toEqual([]);
});

test('a role that we do not know is kept apart and written again', () => {
  const set = parseRoles(['os:wizard', 'os:admin', 'admin']);
  expect([...set.known]).toEqual(['os:admin']);
  expect(set.unknown).toEqual(['admin', 'os:wizard']);
  expect(roleNames(set)).toEqual(['admin', 'os:admin', 'os:wizard']);
});

test('all seven roles are known, and role names are case-sensitive', () => {
  expect(parseRoles(ROLES).known.size).toBe(7);
  expect(parseRoles(['OS:ADMIN']).known.size).toBe(0);
});
