import { expect, test } from '@jest/globals';
import { allShapeTables, documentKinds, documentShape, LEGACY_KIND } from './document-kinds.ts';
import { SCALAR_TYPES } from './scalar-type.ts';
import { shapeNamed } from './shape-table.ts';

const FREE = new Set(['any', 'args', 'map']);

test('every field of every shape has a type that is there', () => {
  const missing: string[] = [];
  for (const table of allShapeTables()) {
    for (const name of Object.keys(table)) {
      for (const field of shapeNamed(table, name)?.fields.values() ?? []) {
        const isKnown = SCALAR_TYPES.has(field.type) || FREE.has(field.type) || shapeNamed(table, field.type) !== undefined;
        if (!isKnown) missing.push(`${name}.${field.name}: ${field.type}`);
      }
    }
  }
  expect(missing).toEqual([]);
});

test('every shape is used, or is a document of its own', () => {
  const kinds = new Set(documentKinds());
  const unused = allShapeTables().flatMap((table) => {
    const used = new Set(Object.values(table).flatMap((text) => text.match(/\b[A-Z]\w+/g) ?? []));
    return Object.keys(table).filter((name) => !used.has(name) && !kinds.has(name));
  });
  // The root of the document without a kind, and shapes that only the compatible system's own source names.
  expect(unused.sort()).toEqual(['Config', 'PodCheckpointer']);
});

test('the kinds are those of the compatible system', () => {
  expect(documentKinds()).toHaveLength(89);
  for (const kind of [
    'LinkConfig',
    'HostnameConfig',
    'KubeAPIServerCAConfig',
    'ExtensionServiceConfig',
    'ZswapConfig',
    LEGACY_KIND,
  ]) {
    expect(documentShape(kind)).toBeDefined();
  }
  expect(documentShape('AddressConfig')).toBeUndefined();
  expect(documentShape('constructor')).toBeUndefined();
});
