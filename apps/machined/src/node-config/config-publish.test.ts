import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseMachineConfig } from '@minos/config';
import { nodeLabels } from './config-publish.ts';

const FIXTURE = join(import.meta.dirname, '../../fixture.yaml');

/** Labels of the configuration of the simulated machine, with lines added to `machine`. */
async function labelsWith(lines: string): Promise<Readonly<Record<string, string>>> {
  const inside = (await readFile(FIXTURE, 'utf8')).split('        content: |\n')[1] ?? '';
  const end = inside.search(/^ {0,11}\S/m);
  const text = (end < 0 ? inside : inside.slice(0, end)).replaceAll(/^ {12}/gm, '');
  const read = parseMachineConfig(text.replace(/^machine:\n/m, `machine:\n${lines}`));
  if (!read.ok) throw new Error(read.problems.map(({ path, expected }) => `${path}: ${expected}`).join('\n'));
  return Object.fromEntries([...nodeLabels(read.value)].map(([key, { value }]) => [key, value]));
}

test('the labels of the configuration are those of the node', async () => {
  expect(await labelsWith('')).toEqual({});
  expect(await labelsWith('    nodeLabels:\n        zone: a\n        rack: "7"\n')).toEqual({ zone: 'a', rack: '7' });
});
