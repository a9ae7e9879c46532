/** A value read from YAML or to be written as it. */
export type YamlValue = string | number | bigint | boolean | null | readonly YamlValue[] | YamlMap;

/** A mapping with text keys. */
export interface YamlMap {
  readonly [key: string]: YamlValue;
}

/** Whether a value is a mapping. */
export function isYamlMap(value: YamlValue | undefined): value is YamlMap {
  return typeof value === 'object' && value !== null && !isYamlList(value);
}

/** Whether a value is a list. */
export function isYamlList(value: YamlValue | undefined): value is readonly YamlValue[] {
  return Array.isArray(value);
}

/** The value at a path of keys and positions; undefined when there is none. */
export function valueAt(value: YamlValue | undefined, ...path: readonly (string | number)[]): YamlValue | undefined {
  let at = value;
  for (const step of path) {
    if (typeof step === 'number') at = isYamlList(at) ? at[step] : undefined;
    else at = isYamlMap(at) && Object.hasOwn(at, step) ? at[step] : undefined;
  }
  return at;
}

/** The text at a path; undefined when there is none, or something else, or an empty one. */
export function textAt(value: YamlValue | undefined, ...path: readonly (string | number)[]): string | undefined {
  const found = valueAt(value, ...path);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

/** The elements of the list at a path; empty when there is none. */
export function listAt(value: YamlValue | undefined, ...path: readonly (string | number)[]): readonly YamlValue[] {
  const found = valueAt(value, ...path);
  return isYamlList(found) ? found : [];
}

/** The texts of the list at a path. */
export function textsAt(value: YamlValue | undefined, ...path: readonly (string | number)[]): readonly string[] {
  return listAt(value, ...path).filter((v) => typeof v === 'string');
}
