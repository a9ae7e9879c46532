import { expect, test } from '@jest/globals';
import { allResourceTypes, NAMESPACES } from './all-types.ts';
import { definitionOf } from './meta.ts';

const definitions = allResourceTypes.map(definitionOf);

test('every type that clients of the compatible system know is there, once', () => {
  expect(new Set(definitions.map(({ resourceType }) => resourceType.toLowerCase())).size).toBe(200);
  expect(definitions).toHaveLength(200);
});

test('as many types are sensitive as in the compatible system, all secrets among them', () => {
  const sensitive = allResourceTypes.filter(({ isSensitive }) => isSensitive);
  expect(sensitive).toHaveLength(38);
  expect(allResourceTypes.filter((type) => type.defaultNamespace === 'secrets' && !type.isSensitive)).toEqual([]);
});

test('every type is in a namespace that is there', () => {
  expect(definitions.filter(({ defaultNamespace }) => NAMESPACES[defaultNamespace] === undefined)).toEqual([]);
});

test('the singular of a type is a short name of it', () => {
  const without = definitions.filter(({ displayType, aliases }) => !aliases.includes(displayType.toLowerCase()));
  expect(without.map(({ resourceType }) => resourceType)).toEqual(['MountStatuses.runtime.talos.dev']);
});

test('a type that there are none of shows the names and columns that its definition gives it', () => {
  const pods = definitions.find(({ displayType }) => displayType === 'StaticPodStatus');
  expect(pods).toMatchObject({
    resourceType: 'StaticPodStatuses.kubernetes.talos.dev',
    defaultNamespace: 'k8s',
    aliases: ['podstatus', 'staticpodstatus', 'sps'],
    allAliases: [
      'staticpodstatuses',
      'staticpodstatuses.kubernetes',
      'staticpodstatuses.kubernetes.talos',
      'podstatus',
      'staticpodstatus',
      'sps',
    ],
    printColumns: [{ name: 'Ready', jsonPath: '{.conditions[?(@.type=="Ready")].status}' }],
  });
});
