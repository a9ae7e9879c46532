import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ConfigServiceDefinition, ConfirmResponse } from '@minos/api/minos';
import { Scope } from '@minos/base';
import { bindService, client } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { TestNode } from '../testing/node.ts';
import { testAuthority } from '../testing/pki.ts';

const WITHIN = { withinMs: 5000 };
const ca = testAuthority();
const scope = new Scope();
const seen: (readonly string[])[] = [];
let first: TestNode;

/** Takes every confirmation and remembers the ages that came with it. */
const confirming = bindService(ConfigServiceDefinition, {
  Confirm: async (_request, { metadata }) => {
    seen.push(metadata.all('minos-connection-age'));
    return ConfirmResponse.fromPartial({});
  },
});

beforeAll(async () => {
  const second = scope.use(await TestNode.start({ ca, services: [confirming], address: '127.0.0.2', isWorker: true }));
  first = scope.use(await TestNode.start({ ca, services: [confirming], port: second.port }));
});
afterAll(() => scope.close());

test('a confirmation says how old the connection is, whatever the client claims', async () => {
  const api = client(first.dial(), ConfigServiceDefinition);
  await api.Confirm({ id: 'a' }, { metadata: { 'minos-connection-age': '0' } });
  const young = Number(seen.at(-1)?.[0]);
  await eventually(async () => {
    await api.Confirm({ id: 'a' }, { metadata: { 'minos-connection-age': ['0', '0'] } });
    expect(seen.at(-1)).toHaveLength(1);
    expect(Number(seen.at(-1)?.[0])).toBeGreaterThan(young + 20);
  }, WITHIN);
});

test('through another apid it says so for both hops, and the second one is always new', async () => {
  const api = client(first.dial(), ConfigServiceDefinition);
  const to = { metadata: { node: '127.0.0.2' } };
  await api.Confirm({ id: 'a' }, to);
  await eventually(async () => {
    await api.Confirm({ id: 'a' }, to);
    const [own = 0, next = 0, ...more] = (seen.at(-1) ?? []).map(Number);
    expect(more).toEqual([]);
    expect(own).toBeGreaterThan(100);
    expect(next).toBeLessThan(own);
  }, WITHIN);
});
