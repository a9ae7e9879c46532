import { configSchema } from '../shape/config-schema.ts';
import { isYamlList, isYamlMap, type YamlMap, type YamlValue } from '../yaml-value.ts';

/** The schema of configurations. */
export const SCHEMA = configSchema();

/** Whether a value is right by the schema of configurations, or by a part of it: as much of JSON Schema as it uses. */
export function isValid(schema: YamlValue | undefined, value: YamlValue): boolean {
  if (!isYamlMap(schema)) return true;
  return Object.entries(schema).every(([keyword, rule]) => CHECK[keyword]?.(rule, value, schema) ?? true);
}

const list = (rule: YamlValue): readonly YamlValue[] => (isYamlList(rule) ? rule : [rule]);
const isType = (type: YamlValue, value: YamlValue): boolean => {
  if (type === 'null') return value === null;
  if (type === 'array') return isYamlList(value);
  if (type === 'object') return isYamlMap(value);
  if (type === 'integer') return typeof value === 'number' && Number.isInteger(value);
  return typeof value === type;
};
const CHECK: Readonly<Record<string, (rule: YamlValue, value: YamlValue, schema: YamlMap) => boolean>> = {
  $ref: (rule, value) => isValid(isYamlMap(SCHEMA['definitions']) ? SCHEMA['definitions'][String(rule).slice(14)] : {}, value),
  type: (rule, value) => list(rule).some((type) => isType(type, value)),
  const: (rule, value) => rule === value,
  enum: (rule, value) => list(rule).includes(value),
  not: (rule, value) => !isValid(rule, value),
  anyOf: (rule, value) => list(rule).some((one) => isValid(one, value)),
  allOf: (rule, value) => list(rule).every((one) => isValid(one, value)),
  oneOf: (rule, value) => list(rule).filter((one) => isValid(one, value)).length === 1,
  minimum: (rule, value) => typeof value !== 'number' || value >= Number(rule),
  maximum: (rule, value) => typeof value !== 'number' || value <= Number(rule),
  pattern: (rule, value) => typeof value !== 'string' || new RegExp(String(rule)).test(value),
  items: (rule, value) => !isYamlList(value) || value.every((item) => isValid(rule, item)),
  required: (rule, value) => !isYamlMap(value) || list(rule).every((name) => Object.hasOwn(value, String(name))),
  properties: (rule, value) =>
    !isYamlMap(value) || !isYamlMap(rule) || Object.entries(value).every(([name, item]) => isValid(rule[name], item)),
  additionalProperties: (rule, value, schema) => {
    if (!isYamlMap(value)) return true;
    const known = isYamlMap(schema['properties']) ? schema['properties'] : {};
    const others = Object.keys(value).filter((name) => !Object.hasOwn(known, name));
    return rule === false ? others.length === 0 : others.every((name) => isValid(rule, value[name] ?? null));
  },
};
