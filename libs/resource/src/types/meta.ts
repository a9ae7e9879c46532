import { NamespaceSpec, ResourceDefinitionSpec, ResourceDefinitionSpec_Sensitivity } from '@minos/api/cosi';
import type { ResourceType } from '../resource-type.ts';
import { defineType } from './define-type.ts';

/** The types that there are; id = the type in lower case. */
export const resourceDefinitionType = defineType<ResourceDefinitionSpec>({
  type: 'ResourceDefinitions.meta.cosi.dev',
  displayType: 'ResourceDefinition',
  namespace: 'meta',
  aliases: ['api-resources', 'resourcedefinition', 'rd', 'rds'],
  columns: ['Aliases=.aliases[:]'],
  codec: ResourceDefinitionSpec,
  toYaml: (s) => ({
    type: s.resourceType,
    displayType: s.displayType,
    defaultNamespace: s.defaultNamespace,
    aliases: s.aliases,
    allAliases: s.allAliases,
    printColumns: s.printColumns.map(({ name, jsonPath }) => ({ name, jsonPath })),
    ...(s.sensitivity === ResourceDefinitionSpec_Sensitivity.SENSITIVE ? { sensitivity: 'sensitive' } : {}),
  }),
});

/** The namespaces that there are; id = name. */
export const namespaceType = defineType<NamespaceSpec>({
  type: 'Namespaces.meta.cosi.dev',
  displayType: 'Namespace',
  namespace: 'meta',
  aliases: ['ns', 'namespace'],
  codec: NamespaceSpec,
  toYaml: (s) => ({ description: s.description }),
});

/** The definition of a type, as clients resolve short names and print tables by it. */
export function definitionOf(type: ResourceType<unknown>): ResourceDefinitionSpec {
  return {
    resourceType: type.type,
    displayType: type.displayType,
    defaultNamespace: type.defaultNamespace,
    aliases: [...type.aliases],
    allAliases: allAliases(type),
    printColumns: type.printColumns.map(({ name, jsonPath }) => ({ name, jsonPath })),
    sensitivity: type.isSensitive
      ? ResourceDefinitionSpec_Sensitivity.SENSITIVE
      : ResourceDefinitionSpec_Sensitivity.NON_SENSITIVE,
  };
}

/** The lower-case plural, the plural with each proper prefix of the suffix, then the short names. */
function allAliases(type: ResourceType<unknown>): string[] {
  const [plural = '', ...suffix] = type.type.toLowerCase().split('.');
  const prefixes = suffix.slice(0, -1).map((_, i) => [plural, ...suffix.slice(0, i + 1)].join('.'));
  return [plural, ...prefixes, ...type.aliases];
}
