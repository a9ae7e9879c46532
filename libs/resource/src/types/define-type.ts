import type { PrintColumn, ResourceType, YamlValue } from '../resource-type.ts';

/** What a definition must say; the rest follows. */
export interface TypeOutline<S> {
  readonly type: string;
  readonly displayType: string;
  readonly namespace: string;
  readonly aliases: readonly string[];
  /** `Heading=.path` as in the reference's tables. */
  readonly columns?: readonly string[];
  readonly isSensitive?: true;
  readonly codec: ResourceType<S>['codec'];
  toYaml(spec: S): YamlValue;
}

/** Makes a type of resource. */
export function defineType<S>(outline: TypeOutline<S>): ResourceType<S> {
  return {
    type: outline.type,
    displayType: outline.displayType,
    defaultNamespace: outline.namespace,
    aliases: outline.aliases,
    printColumns: (outline.columns ?? []).map(columnOf),
    isSensitive: outline.isSensitive === true,
    codec: outline.codec,
    toYaml: outline.toYaml,
  };
}

function columnOf(text: string): PrintColumn {
  const at = text.indexOf('=');
  return { name: text.slice(0, at), jsonPath: `{${text.slice(at + 1)}}` };
}

/** A mapping without the keys whose value says nothing: empty text, zero, false, empty list, nothing. */
export function omitEmpty(fields: Readonly<Record<string, YamlValue | undefined>>): Record<string, YamlValue> {
  const kept: Record<string, YamlValue> = {};
  for (const [key, value] of Object.entries(fields)) {
    if (value !== undefined && !isEmpty(value)) kept[key] = value;
  }
  return kept;
}

function isEmpty(value: YamlValue): boolean {
  if (value === '' || value === 0 || value === 0n || value === false || value === null) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}
