import { LEGACY_KIND } from '../shape/document-kinds.ts';
import { SCALAR_TYPES } from '../shape/scalar-type.ts';
import type { Shape, ShapeField } from '../shape/shape-table.ts';
import { isYamlList, isYamlMap, type YamlMap, type YamlValue } from '../yaml-value.ts';

/** A whole number from 0 up to, and without, the given one. */
export type Next = (below: number) => number;

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

/** A document of a kind: required fields, some of the others, and here and there something that most fields do not take. */
export function shapeDocument(kind: string, shape: Shape, next: Next): YamlMap {
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
