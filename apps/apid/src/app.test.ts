import { expect, test } from '@jest/globals';
import { MachineServiceDefinition } from '@minos/api/machine';
import { Scope } from '@minos/base';
import { client } from '@minos/rpc';
import { testMachine } from './testing/machine.ts';
import { TestNode } from './testing/node.ts';
import { testAuthority } from './testing/pki.ts';

test('a call without a node header is answered by the machined of this node', async () => {
  await using scope = new Scope();
  const node = scope.use(await TestNode.start({ ca: testAuthority(), services: [testMachine('one')] }));
  const api = client(node.dial(), MachineServiceDefinition);
  const reply = await api.Version({});
  expect(reply.messages[0]?.version?.tag).toBe('one');
});

test('a call to several nodes is answered by each under the name that it was asked by', async () => {
  await using scope = new Scope();
  const ca = testAuthority();
  const second = scope.use(await TestNode.start({ ca, services: [testMachine('two')], address: '127.0.0.2', isWorker: true }));
  const first = scope.use(await TestNode.start({ ca, services: [testMachine('one')], port: second.port }));
  const api = client(first.dial(), MachineServiceDefinition);
  const one = await api.Version({}, { metadata: { node: '127.0.0.2' } });
  expect(one.messages[0]?.version?.tag).toBe('two');
  const both = await api.Version({}, { metadata: { nodes: ['127.0.0.1', '127.0.0.2'] } });
  const rows = both.messages.map((m) => [m.metadata?.hostname, m.version?.tag]).sort();
  expect(rows).toEqual([
    ['127.0.0.1', 'one'],
    ['127.0.0.2', 'two'],
  ]);
});
