import { expect, test } from '@jest/globals';
import { APICertsSpec } from '@minos/api/resource-specs';
import { generateConfigs, generateSecrets, type MachineConfig, parseMachineConfig } from '@minos/config';
import { networkFollows } from './network-follows.ts';
import { trustFollows } from './trust-follows.ts';

const nowMs = Date.now();
const secrets = await generateSecrets(nowMs);
const others = await generateSecrets(nowMs);

function worker(by: typeof secrets, ...addresses: string[]): MachineConfig {
  const { worker: text } = generateConfigs({ clusterName: 'minos', endpoint: 'https://10.5.0.2:6443', secrets: by, nowMs });
  const links = addresses.map((address) => `    - address: ${address}\n`).join('');
  const parsed = parseMachineConfig(`${text}---\napiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\naddresses:\n${links}`);
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.problems));
  return parsed.value;
}

const have = (...addresses: string[]) => ({ links: new Set(['eth0']), addresses: new Set(addresses) });
const accepting = (...by: (typeof secrets)[]) =>
  APICertsSpec.fromPartial({ acceptedCAs: by.map(({ os }) => ({ crt: Buffer.from(os.certPem) })) });

test('the network follows when every address is there and every old one is gone; others do not matter', () => {
  const before = worker(secrets, '10.5.0.3/24');
  const now = worker(secrets, '10.5.0.33/24', '10.5.0.34/24');
  expect(networkFollows(now, before, undefined)).toBe(false);
  expect(networkFollows(now, before, have('10.5.0.33', '10.5.0.3', '10.5.0.34'))).toBe(false);
  expect(networkFollows(now, before, have('10.5.0.33'))).toBe(false);
  expect(networkFollows(now, before, have('10.5.0.33', '10.5.0.34', '10.9.9.9'))).toBe(true);
  expect(networkFollows(now, undefined, have('10.5.0.33', '10.5.0.34'))).toBe(true);
});

test('addresses for a link that is not there are not waited for', () => {
  const now = worker(secrets, '10.5.0.33/24');
  expect(networkFollows(now, undefined, { links: new Set(['lo']), addresses: new Set() })).toBe(true);
});

test('trust follows when clients of the new authorities are taken, and those of the old ones are not', () => {
  const before = worker(secrets, '10.5.0.3/24');
  const now = worker(others, '10.5.0.3/24');
  expect(trustFollows(now, before, accepting(secrets))).toBe(false);
  expect(trustFollows(now, before, accepting(secrets, others))).toBe(false);
  expect(trustFollows(now, before, accepting(others))).toBe(true);
  expect(trustFollows(before, undefined, accepting(secrets, others))).toBe(true);
});
