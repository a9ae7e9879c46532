import { expect, test } from '@jest/globals';
import type { Problem } from '@minos/base';
import { parseDocuments } from '../read-documents.ts';
import { testCluster } from '../testing/test-cluster.ts';
import { toYamlText } from '../yaml-text.ts';
import { isYamlList, isYamlMap, type YamlMap, type YamlValue } from '../yaml-value.ts';
import { configSchema } from './config-schema.ts';
import { documentKinds, documentShape, LEGACY_KIND } from './document-kinds.ts';
import { SCALAR_TYPES } from './scalar-type.ts';
import type { Shape, ShapeField } from './shape-table.ts';

const SCHEMA = configSchema();
const DOCUMENTS = 20;
/** A right value of each type whose form a schema does not say; those of other types are found by trying. */
const SAMPLES: Readonly<Record<string, YamlValue>> = {
  str: 'text',
  mode: '0644',
  dur: '1h30m',
  bytes: '10GiB',
  ip: '10.5.0.2',
  cidr: '10.5.0.0/24',
  ipport: '10.5.0.2:51820',
  mac: 'aa:bb:cc:dd:ee:ff',
  url: 'https://example.test/',
  b64: 'AAAA',
  portrange: '8000-8080',
  table: 'main',
  bool: true,
};

/** As much of JSON Schema as the schema uses. */
function isValid(schema: YamlValue | undefined, value: YamlValue): boolean {
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

type Next = (below: number) => number;

/** Numbers that are the same in every run (xorshift32). */
function seeded(seed: number): Next {
  let x = seed;
  return (below) => {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
    return (x >>> 0) % below;
  };
}

function documentOf(kind: string, shape: Shape, next: Next): YamlMap {
  const header: YamlMap = kind === LEGACY_KIND ? { version: 'v1alpha1', debug: false } : { apiVersion: 'v1alpha1', kind };
  return { ...header, ...mapping(shape, next, 0) };
}

function mapping(shape: Shape, next: Next, depth: number): YamlMap {
  const fields = [...shape.fields.values()].filter((f) => f.isRequired || (depth < 4 && next(3) === 0));
  return Object.fromEntries(fields.map((field) => [field.name, heldValue(shape, field, { next, depth })]));
}

function heldValue(shape: Shape, field: ShapeField, at: { readonly next: Next; readonly depth: number }): YamlValue {
  if (at.next(12) === 0) return spoiled(at.next);
  const one = (): YamlValue => rightValue(shape, field, at);
  if (field.holder === 'list') return [one(), one()];
  return field.holder === 'map' ? { a: one() } : one();
}

/** Something that most fields do not take. */
function spoiled(next: Next): YamlValue {
  return [null, '', -1, 'certainly not', { unknown: 1 }, ['x'], [null], 99_999_999_999][next(8)] ?? null;
}

function rightValue(
  shape: Shape,
  field: ShapeField,
  { next, depth }: { readonly next: Next; readonly depth: number },
): YamlValue {
  const inner = shape.shapeOf(field);
  if (inner !== undefined) return mapping(inner, next, depth + 1);
  if (field.type === 'any') return { a: [1, { b: null }] };
  if (field.type === 'map') return { a: 'b', c: 1 };
  if (field.type === 'args') return { a: 'b', c: ['d'] };
  return SAMPLES[field.type] ?? wordOf(field.type) ?? 1;
}

function wordOf(type: string): YamlValue | undefined {
  const choices = SCALAR_TYPES.get(type)?.schema['anyOf'];
  const [first] = isYamlList(choices) ? choices : [];
  const words = isYamlMap(first) ? first['enum'] : undefined;
  return isYamlList(words) ? words[0] : undefined;
}

/** Types whose form only the parser knows: a text that it refuses may pass the schema. */
const FORMS = /an IP address|an address|a duration|a size|a hardware|a URL|base64|a port|file permissions|a routing table/;

const isAboutForm = ({ expected, found }: Problem): boolean =>
  FORMS.test(expected) && !/^(a mapping|a list|nothing)/.test(found ?? '');

test.each([LEGACY_KIND, ...documentKinds()])('schema and parser agree about documents of kind %s', (kind) => {
  const shape = documentShape(kind);
  if (shape === undefined) throw new Error('no shape');
  const next = seeded(1 + kind.length * 7919);
  for (let i = 0; i < DOCUMENTS; i++) {
    const document = documentOf(kind, shape, next);
    const parsed = parseDocuments(toYamlText(document), { isPatch: false });
    const problems = parsed.ok ? [] : parsed.problems.filter((problem) => !isAboutForm(problem));
    expect([isValid(SCHEMA, document), problems.slice(0, 3), document]).toEqual([
      problems.length === 0,
      problems.slice(0, 3),
      document,
    ]);
  }
});

test('generated configurations are right by the schema, and an unknown kind or key is not', async () => {
  const cluster = await testCluster();
  for (const text of [cluster.controlplane, cluster.worker]) {
    const parsed = parseDocuments(text, { isPatch: false });
    if (!parsed.ok) throw new Error('the configuration is wrong');
    for (const { node } of parsed.value) expect(isValid(SCHEMA, node.toJS())).toBe(true);
  }
  expect(isValid(SCHEMA, { apiVersion: 'v1alpha1', kind: 'WishConfig' })).toBe(false);
  expect(isValid(SCHEMA, { apiVersion: 'v1alpha1', kind: 'HostnameConfig', hostnam: 'a' })).toBe(false);
});
