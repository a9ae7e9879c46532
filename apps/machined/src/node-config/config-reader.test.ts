import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ConfigReader } from './config-reader.ts';

/** The configuration in the fixture of machined. */
async function goodConfig(): Promise<string> {
  const fixture = await readFile(join(import.meta.dirname, '../../fixture.yaml'), 'utf8');
  const [, block = ''] = /\n( {12}version: v1alpha1\n(?: {12}.*\n|\n)*)/.exec(fixture) ?? [];
  return block.replaceAll(/^ {12}/gm, '');
}

test('the same good text is read once, another one anew', async () => {
  const reader = new ConfigReader();
  const good = await goodConfig();
  const first = reader.read(good);
  expect(first.ok && first.value.text).toBe(good);
  const again = reader.read(good);
  expect(again.ok && first.ok && again.value === first.value).toBe(true);
  const other = reader.read(`${good}\n# another\n`);
  expect(other.ok && first.ok && other.value === first.value).toBe(false);
});

test('a wrong text takes the place of nothing', async () => {
  const reader = new ConfigReader();
  const good = await goodConfig();
  const first = reader.read(good);
  expect(reader.read('machine: 5').ok).toBe(false);
  const again = reader.read(good);
  expect(again.ok && first.ok && again.value === first.value).toBe(true);
});
