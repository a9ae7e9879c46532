import { type Resource, ResourceDefinitionSpec, type StateDefinition } from '@minos/api/cosi';
import { Fault } from '@minos/base';
import type { CallOptions, Client } from '@minos/rpc';
import { collect } from '../node-call/collect.ts';

/** The state of a node as clients see it. */
export type StateClient = Client<typeof StateDefinition>;

const DEFINITIONS = { namespace: 'meta', type: 'ResourceDefinitions.meta.cosi.dev' };

/** All types of resources that a node knows. */
export async function listDefinitions(state: StateClient, options: CallOptions): Promise<readonly ResourceDefinitionSpec[]> {
  const request = { ...DEFINITIONS, options: { labelQuery: [], idQuery: undefined } };
  const answers = await collect(state.List(request, options));
  return answers.flatMap(({ resource }) => (resource?.spec === undefined ? [] : [decode(resource)]));
}

/** The one type that a word means: its name or an alias, ignoring case. Throws `missing` or, when several match, `invalid`. Pure. */
export function resolveType(definitions: readonly ResourceDefinitionSpec[], word: string): ResourceDefinitionSpec {
  const wanted = word.toLowerCase();
  const matches = definitions.filter(
    (d) => d.resourceType.toLowerCase() === wanted || d.allAliases.some((alias) => alias.toLowerCase() === wanted),
  );
  const [first] = matches;
  if (first === undefined) {
    throw new Fault('missing', `resource "${word}" is not registered; minosctl get resourcedefinitions lists what is`);
  }
  if (matches.length > 1) {
    throw new Fault(
      'invalid',
      `resource type "${word}" is ambiguous: ${matches.map((m) => m.resourceType.toLowerCase()).join(', ')}`,
    );
  }
  return first;
}

function decode(resource: Resource): ResourceDefinitionSpec {
  return ResourceDefinitionSpec.decode(resource.spec?.protoSpec ?? Buffer.alloc(0));
}
