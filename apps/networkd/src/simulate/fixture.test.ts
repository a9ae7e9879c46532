import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseFixture } from './fixture.ts';

test('the fixture that comes with networkd is one', async () => {
  const fixture = parseFixture(await readFile(join(import.meta.dirname, '../../fixture.yaml'), 'utf8'));
  expect(fixture).toMatchObject({ ok: true, value: { hostname: 'minos-cp-1', resolvers: ['10.5.0.1'] } });
});

test('every problem of a fixture is told with its path', () => {
  const text =
    'machine: {cpus: 0}\nwanted: {links: [{mtu: x, addresses: [10.5.0.2], routes: [{gateway: y}, {}], more: 1}], resolvers: [z]}\nelse: 1\n';
  const fixture = parseFixture(text);
  expect(fixture.ok ? [] : fixture.problems.map((problem) => problem.path)).toEqual([
    'else',
    'machine.cpus',
    'wanted.links[0].more',
    'wanted.links[0].name',
    'wanted.links[0].addresses[0]',
    'wanted.links[0].routes[0].gateway',
    'wanted.links[0].routes[1]',
    'wanted.links[0].mtu',
    'wanted.resolvers[0]',
  ]);
});
