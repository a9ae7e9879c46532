import { expect, test } from '@jest/globals';
import { StateDefinition } from '@minos/api/cosi';
import { MemberSpec } from '@minos/api/resource-specs';
import { Fault, Scope, systemClock } from '@minos/base';
import { toYamlText } from '@minos/config';
import { allResourceTypes, bindStateService, MemoryState, memberType, netIp, outsidePolicy, type State } from '@minos/resource';
import type { BoundService } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { lost, nodeOf, type TestEndpoint, testEndpoint } from '../testing/test-cluster.ts';

const WRITER = 'test';

interface Setup {
  readonly endpoint: TestEndpoint;
  readonly state: State;
}

/** Nodes that all serve the same state; calls to a lost one fail. */
async function setUp(scope: Scope, lostNode = ''): Promise<Setup> {
  const types = allResourceTypes;
  const state = new MemoryState({ clock: systemClock, types });
  const until = new AbortController();
  const service = bindStateService({ state, types, policy: outsidePolicy(), emitYaml: toYamlText, until: until.signal });
  const endpoint = await testEndpoint(scope, { state: withLostNode(service, lostNode) });
  scope.use(() => until.abort());
  return { endpoint, state };
}

function withLostNode(service: BoundService, lostNode: string): BoundService {
  const handlers = [...service.handlers].map(([name, handler]) => {
    const isStream = Object.values(StateDefinition.methods).some((m) => m.name === name && m.responseStream);
    async function* stream(input: unknown, context: Parameters<typeof handler>[1]): AsyncGenerator<unknown> {
      if (nodeOf(context) === lostNode) lost(lostNode);
      const answers = handler(input, context);
      if (Symbol.asyncIterator in answers) yield* answers;
    }
    const unary = async (input: unknown, context: Parameters<typeof handler>[1]): Promise<unknown> => {
      if (nodeOf(context) === lostNode) lost(lostNode);
      return handler(input, context);
    };
    return [name, isStream ? stream : unary] as const;
  });
  return { definition: service.definition, handlers: new Map(handlers) };
}

const member = (hostname: string, address: string): MemberSpec =>
  MemberSpec.fromPartial({ hostname, nodeId: `id-${hostname}`, operatingSystem: 'Minos', addresses: [netIp(address)] });

test('a type goes by its name or alias, and its columns are those that the node declares', async () => {
  await using scope = new Scope();
  const { endpoint, state } = await setUp(scope);
  await state.as(WRITER).put(memberType, 'cp-1', member('cp-1', '10.9.0.2'));
  for (const word of ['members', 'member', 'Members.cluster.talos.dev']) {
    const { code, stdout, stderr } = await endpoint.run('-n', '10.9.0.2', 'get', word);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const [heading = '', row = ''] = stdout.split('\n');
    expect(heading).toMatch(/^NODE +NAMESPACE +TYPE +ID +VERSION +HOSTNAME +MACHINE TYPE +OS +ADDRESSES$/);
    expect(row).toMatch(/^10\.9\.0\.2 +cluster +Member +cp-1 +1 +cp-1 .* Minos +\["10\.9\.0\.2"\]$/);
  }
});

test('one resource in YAML and JSON has metadata and spec', async () => {
  await using scope = new Scope();
  const { endpoint, state } = await setUp(scope);
  await state.as(WRITER).put(memberType, 'cp-1', member('cp-1', '10.9.0.2'));
  const yaml = await endpoint.run('-n', '10.9.0.2', 'get', 'members', 'cp-1', '-o', 'yaml');
  expect(yaml.stdout).toMatch(/^node: 10\.9\.0\.2\nmetadata:\n {4}namespace: cluster\n {4}type: Members\.cluster\.talos\.dev\n/);
  expect(yaml.stdout).toContain('spec:\n    nodeId: id-cp-1\n');
  const json = await endpoint.run('-n', '10.9.0.2', 'get', 'members', 'cp-1', '-o', 'json');
  expect(JSON.parse(json.stdout)).toMatchObject({
    node: '10.9.0.2',
    metadata: { id: 'cp-1', version: 1 },
    spec: { hostname: 'cp-1' },
  });
});

test('what is not there is an error: a type, a resource; the heading of an empty list is shown', async () => {
  await using scope = new Scope();
  const { endpoint } = await setUp(scope);
  const type = await endpoint.run('-n', '10.9.0.2', 'get', 'nothing');
  expect(type).toMatchObject({ code: 1, stdout: '' });
  expect(type.stderr).toContain('resource "nothing" is not registered');
  const one = await endpoint.run('-n', '10.9.0.2', 'get', 'members', 'nobody');
  expect(one.code).toBe(1);
  expect(one.stderr).toContain('error from node 10.9.0.2:');
  expect((await endpoint.run('-n', '10.9.0.2', 'get', 'members')).stdout).toMatch(/^NODE +NAMESPACE/);
});

test('a node that is down does not hide what the others have, wherever it stands in the list', async () => {
  await using scope = new Scope();
  const { endpoint, state } = await setUp(scope, '10.9.0.2');
  await state.as(WRITER).put(memberType, 'cp-1', member('cp-1', '10.9.0.2'));
  const { code, stdout, stderr } = await endpoint.run('get', 'members');
  expect(code).toBe(1);
  expect(stdout.match(/^10\.9\.0\.[34] /gm)).toHaveLength(2);
  expect(stderr).toContain('error from node 10.9.0.2:');
});

test('a watch shows what there is, then each change with its mark, on every node', async () => {
  await using scope = new Scope();
  const { endpoint, state } = await setUp(scope);
  const writer = state.as(WRITER);
  await writer.put(memberType, 'cp-1', member('cp-1', '10.9.0.2'));
  const { terminal, done } = endpoint.start('-n', '10.9.0.2,10.9.0.3', 'get', 'members', '-w');
  await eventually(() => expect(terminal.stdout().match(/\+ +cluster +Member +cp-1/g)).toHaveLength(2), { withinMs: 5000 });
  expect(terminal.stdout().match(/NODE/g)).toHaveLength(1);
  await writer.put(memberType, 'w-1', member('w-1', '10.9.0.3'));
  await writer.remove(memberType, 'cp-1');
  await eventually(() => expect(terminal.stdout().match(/- +cluster +Member +cp-1/g)).toHaveLength(2), { withinMs: 5000 });
  expect(terminal.stdout().match(/\+ +cluster +Member +w-1/g)).toHaveLength(2);
  terminal.interrupt();
  expect(await done).toBe(0);
});

test('two types under one short name are ambiguous', async () => {
  const { resolveType } = await import('./resolve-type.ts');
  const { ResourceDefinitionSpec } = await import('@minos/api/cosi');
  const definition = (resourceType: string) => ResourceDefinitionSpec.fromPartial({ resourceType, allAliases: ['as'] });
  expect(() => resolveType([definition('A.x'), definition('B.x')], 'as')).toThrow(
    new Fault('invalid', 'resource type "as" is ambiguous: a.x, b.x'),
  );
});
