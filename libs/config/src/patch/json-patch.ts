import { isDeepStrictEqual } from 'node:util';
import { Fault, isFault, type Parsed, parsed, problem } from '@minos/base';
import { isYamlMap, textAt, valueAt, type YamlValue } from '../yaml-value.ts';

type Tree = Record<string, unknown> | unknown[];

/** Applies RFC 6902 operations, all or none; the value given stays as it is. */
export function applyJsonPatch(value: YamlValue, operations: readonly YamlValue[]): Parsed<YamlValue> {
  const root: Root = { value: structuredClone(value) };
  for (const [i, operation] of operations.entries()) {
    try {
      applyOperation(root, operation);
    } catch (e) {
      if (!isFault(e)) throw e;
      return problem(`[${i}]`, e.message);
    }
  }
  return parsed(root.value as YamlValue);
}

type Apply = (root: Root, path: readonly string[], operation: YamlValue) => void;

interface Root extends Record<string, unknown> {
  value: unknown;
}

const OPERATIONS: Readonly<Record<string, Apply>> = {
  add: (root, path, operation) => add(root, path, operandOf(operation)),
  remove: (root, path) => void remove(root, path),
  replace: (root, path, operation) => {
    remove(root, path);
    add(root, path, operandOf(operation));
  },
  move: (root, path, operation) => add(root, path, remove(root, pointer(operation, 'from'))),
  copy: (root, path, operation) => add(root, path, structuredClone(get(root, pointer(operation, 'from')))),
  test: (root, path, operation) => {
    if (!isDeepStrictEqual(plain(get(root, path)), plain(operandOf(operation)))) {
      throw new Fault('invalid', 'the value that the test names');
    }
  },
};

function applyOperation(root: Root, operation: YamlValue): void {
  const op = textAt(operation, 'op') ?? '';
  const apply = Object.hasOwn(OPERATIONS, op) ? OPERATIONS[op] : undefined;
  if (apply === undefined) throw new Fault('invalid', `an operation: ${Object.keys(OPERATIONS).join(', ')}`);
  apply(root, pointer(operation, 'path'), operation);
}

/** Copies into ordinary objects, so that prototypes do not count in comparisons. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : JSON.parse(JSON.stringify(value));
}

function operandOf(operation: YamlValue): YamlValue {
  const value = valueAt(operation, 'value');
  if (value === undefined) throw new Fault('invalid', 'a value');
  return value;
}

/** The steps of a JSON pointer (RFC 6901); the root is held under `value`. */
function pointer(operation: YamlValue, key: 'path' | 'from'): readonly string[] {
  const text = isYamlMap(operation) ? valueAt(operation, key) : undefined;
  if (typeof text !== 'string' || (text !== '' && !text.startsWith('/'))) throw new Fault('invalid', `a JSON pointer in ${key}`);
  return [
    'value',
    ...text
      .split('/')
      .slice(1)
      .map((step) => step.replaceAll('~1', '/').replaceAll('~0', '~')),
  ];
}

function isTree(value: unknown): value is Tree {
  return typeof value === 'object' && value !== null;
}

function parentOf(root: Tree, path: readonly string[]): Tree {
  let at: unknown = root;
  for (const step of path.slice(0, -1)) at = child(at, step);
  if (!isTree(at)) throw new Fault('invalid', 'a path whose parent is there');
  return at;
}

function child(at: unknown, step: string): unknown {
  if (Array.isArray(at)) return at[position(step, at.length - 1)];
  if (isTree(at) && !Array.isArray(at) && Object.hasOwn(at, step)) return at[step];
  throw new Fault('invalid', 'a path that is there');
}

function position(step: string, last: number): number {
  const index = /^(0|[1-9]\d*)$/.test(step) ? Number(step) : -1;
  if (index < 0 || index > last) throw new Fault('invalid', 'a position inside the list');
  return index;
}

function get(root: Tree, path: readonly string[]): unknown {
  return child(parentOf(root, path), path.at(-1) ?? '');
}

function add(root: Tree, path: readonly string[], value: unknown): void {
  const parent = parentOf(root, path);
  const step = path.at(-1) ?? '';
  if (Array.isArray(parent)) parent.splice(step === '-' ? parent.length : position(step, parent.length), 0, value);
  else Object.defineProperty(parent, step, { value, writable: true, enumerable: true, configurable: true });
}

function remove(root: Tree, path: readonly string[]): unknown {
  const parent = parentOf(root, path);
  const step = path.at(-1) ?? '';
  const found = child(parent, step);
  if (Array.isArray(parent)) parent.splice(position(step, parent.length - 1), 1);
  else delete parent[step];
  return found;
}
