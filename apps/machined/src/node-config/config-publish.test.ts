import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { parseMachineConfig } from '@minos/config';
import { newCertificateAuthority } from '@minos/pki';
import { nodeLabels, osRootOf } from './config-publish.ts';

const FIXTURE = join(import.meta.dirname, '../../fixture.yaml');

/** Labels of that configuration. */
async function labelsWith(lines: string): Promise<Readonly<Record<string, string>>> {
  const read = parseMachineConfig(await fixtureWith(lines));
  if (!read.ok) throw new Error(read.problems.map(({ path, expected }) => `${path}: ${expected}`).join('\n'));
  return Object.fromEntries([...nodeLabels(read.value)].map(([key, { value }]) => [key, value]));
}

/** The configuration of the simulated machine, with lines added to `machine`. */
async function fixtureWith(lines: string): Promise<string> {
  const inside = (await readFile(FIXTURE, 'utf8')).split('        content: |\n')[1] ?? '';
  const end = inside.search(/^ {0,11}\S/m);
  const text = (end < 0 ? inside : inside.slice(0, end)).replaceAll(/^ {12}/gm, '');
  return text.replace(/^machine:\n/m, `machine:\n${lines}`);
}

test('the labels of the configuration are those of the node', async () => {
  expect(await labelsWith('')).toEqual({});
  expect(await labelsWith('    nodeLabels:\n        zone: a\n        rack: "7"\n')).toEqual({ zone: 'a', rack: '7' });
});

test('the issuing authority is the last of those that are accepted', async () => {
  const accepted = newCertificateAuthority({ organization: 'before', nowMs: Date.now() });
  const crt = Buffer.from(accepted.certPem).toString('base64');
  const read = parseMachineConfig(await fixtureWith(`    acceptedCAs: [{ crt: ${crt} }]\n`));
  if (!read.ok) throw new Error('the configuration is wrong');
  const { acceptedCAs } = osRootOf(read.value);
  expect(acceptedCAs.map((ca) => ca.crt.toString())).toEqual([accepted.certPem, read.value.ca?.certPem]);
});
