import { expect, test } from '@jest/globals';
import { DependencyEdgeType as Edge, InspectServiceDefinition } from '@minos/api/inspect';
import { allResourceTypes } from '@minos/resource';
import { ADMIN, simulatedNode } from '../node-config/testing/running-node.ts';
import { DAEMON_FACTS, dependencyEdges, OWN_FACTS } from './controller-graph.ts';

/** Not controllers: the registry itself, and what stands for networkd in a simulation. */
const OTHERS = new Set(['meta', 'network.Simulated']);

test('whoever wrote to the state of a booted node is declared, with what it wrote', async () => {
  await using node = await simulatedNode();
  const running = await node.start();
  await running.untilReady();
  const outputs = new Map(OWN_FACTS.map((facts) => [facts.name, facts.outputs.map(({ type }) => type.type)]));
  for (const type of allResourceTypes) {
    for (const owner of (await running.owners(type)).filter((name) => !OTHERS.has(name))) {
      expect({ owner, writes: outputs.get(owner) }).toMatchObject({ owner, writes: expect.arrayContaining([type.type]) });
    }
  }
  const { messages } = await running.service(InspectServiceDefinition).ControllerRuntimeDependencies({}, ADMIN);
  expect(messages[0]?.edges).toEqual(dependencyEdges([...OWN_FACTS, ...DAEMON_FACTS]));
});

test('what one controller has for itself, no other writes', () => {
  const edges = dependencyEdges([...OWN_FACTS, ...DAEMON_FACTS]);
  const writers = Map.groupBy(
    edges.filter(({ edgeType }) => edgeType === Edge.OUTPUT_EXCLUSIVE || edgeType === Edge.OUTPUT_SHARED),
    ({ resourceType }) => resourceType,
  );
  for (const [type, all] of writers) {
    const isExclusive = all.some(({ edgeType }) => edgeType === Edge.OUTPUT_EXCLUSIVE);
    expect({ type, writers: isExclusive ? all.length : 1 }).toEqual({ type, writers: 1 });
  }
});

test('every input is written by somebody', () => {
  const all = [...OWN_FACTS, ...DAEMON_FACTS];
  const written = new Set(all.flatMap(({ outputs }) => outputs.map(({ type }) => type.type)));
  const orphans = all.flatMap(({ inputs }) => inputs.map(({ type }) => type.type)).filter((type) => !written.has(type));
  expect(orphans).toEqual([]);
});

test('controllers have names of their own', () => {
  const names = [...OWN_FACTS, ...DAEMON_FACTS].map(({ name }) => name);
  expect(new Set(names).size).toBe(names.length);
});
