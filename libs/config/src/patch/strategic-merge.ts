import type { Problem } from '@minos/base';
import { type Document, isMap, isScalar, isSeq, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Path, pathText } from '../issue.ts';
import { plainValue } from '../shape/check-shape.ts';
import type { Shape, ShapeField } from '../shape/shape-table.ts';
import { isYamlList, isYamlMap, textAt, valueAt, type YamlMap, type YamlValue } from '../yaml-value.ts';

/** One mapping to merge into another, in place. */
export interface MappingMerge {
  readonly document: Document;
  readonly target: YAMLMap;
  readonly patch: YamlMap;
  /** Undefined inside free-form values. */
  readonly shape: Shape | undefined;
  readonly at: Path;
}

const DIRECTIVE = '$patch';

/** Elements of these shapes are merged with the element that has the same value under the first key that both have. */
const LIST_KEYS: Readonly<Record<string, readonly string[]>> = {
  Device: ['interface', 'deviceSelector'],
  Vlan: ['vlanId'],
  AdmissionPluginConfig: ['name'],
  ConfigFile: ['mountPath'],
  ImageVerificationRule: ['image'],
};

/** Whether a mapping of a patch asks for what it stands for to be removed. */
export function isDelete(value: YamlValue): boolean {
  return textAt(value, DIRECTIVE) === 'delete';
}

/**
 * Merges a patch: mappings key by key, lists by adding (or replacing, where the shape says so), scalars by replacing.
 * Nulls and empty texts change nothing.
 */
export function mergeMapping(merge: MappingMerge): readonly Problem[] {
  return Object.entries(merge.patch).flatMap(([key, value]) => (key === DIRECTIVE ? [] : mergeKey(merge, key, value)));
}

function mergeKey({ document, target, patch: _, shape, at }: MappingMerge, key: string, value: YamlValue): readonly Problem[] {
  const where = [...at, key];
  const field = shape?.fields.get(key);
  const inner = field === undefined ? undefined : shape?.shapeOf(field);
  if (value === null || value === '') return [];
  const existing = target.get(key, true);
  const isAbsent = existing === undefined || (isScalar(existing) && existing.value === null);
  if (isDelete(value)) {
    if (isAbsent) return [{ path: pathText(where), expected: 'something to delete', found: 'nothing' }];
    target.delete(key);
    return [];
  }
  if (isAbsent) {
    target.set(key, document.createNode(withoutDirectives(value)));
    return [];
  }
  if (isYamlMap(value) && isMap(existing)) {
    const isPlainMap = field?.holder !== 'map';
    return mergeMapping({ document, target: existing, patch: value, shape: isPlainMap ? inner : undefined, at: where });
  }
  if (isYamlList(value) && isSeq(existing)) return mergeList({ document, target: existing, field, inner, at: where }, value);
  if (isYamlMap(value) || isYamlList(value) || !isScalar(existing)) {
    return [{ path: pathText(where), expected: 'a value of the kind that stands there' }];
  }
  existing.value = value;
  delete existing.source;
  return [];
}

interface ListMerge {
  readonly document: Document;
  readonly target: YAMLSeq;
  readonly field: ShapeField | undefined;
  readonly inner: Shape | undefined;
  readonly at: Path;
}

function mergeList(merge: ListMerge, patch: readonly YamlValue[]): readonly Problem[] {
  const { document, target, field, inner, at } = merge;
  if (field?.isReplacedByPatch === true) {
    target.items = patch.map((value) => document.createNode(withoutDirectives(value)));
    return [];
  }
  target.flow = false;
  return patch.flatMap((value): readonly Problem[] => {
    if (isDelete(value)) return deleteElement(merge, value);
    const match = inner === undefined ? -1 : matching(merge, value, LIST_KEYS[inner.name] ?? []);
    const existing = target.items[match];
    if (isMap(existing) && isYamlMap(value)) {
      return mergeMapping({ document, target: existing, patch: value, shape: inner, at: [...at, match] });
    }
    target.items.push(document.createNode(withoutDirectives(value)));
    return [];
  });
}

/** Position of the element with the same value under the first of these keys that the patch has; -1 when there is none. */
function matching({ document, target }: ListMerge, patch: YamlValue, keys: readonly string[]): number {
  const key = keys.find((k) => valueAt(patch, k) !== undefined);
  if (key === undefined) return -1;
  const wanted = JSON.stringify(valueAt(patch, key));
  return target.items.findIndex((item) => isMap(item) && JSON.stringify(valueAt(plainValue(document, item), key)) === wanted);
}

/** The first key beside the directive says which element goes. */
function deleteElement(merge: ListMerge, patch: YamlValue): readonly Problem[] {
  const key = isYamlMap(patch) ? Object.keys(patch).find((k) => k !== DIRECTIVE) : undefined;
  const found = key === undefined ? -1 : matching(merge, patch, [key]);
  if (found < 0) return [{ path: pathText(merge.at), expected: 'an element to delete', found: 'none that matches' }];
  merge.target.items.splice(found, 1);
  return [];
}

/** A value that a patch adds, without what it asks to delete. */
export function withoutDirectives(value: YamlValue): YamlValue {
  if (isYamlList(value)) return value.filter((v) => !isDelete(v)).map(withoutDirectives);
  if (!isYamlMap(value)) return value;
  const kept = Object.entries(value).filter(([key, v]) => key !== DIRECTIVE && !isDelete(v));
  return Object.fromEntries(kept.map(([key, v]) => [key, withoutDirectives(v)]));
}
