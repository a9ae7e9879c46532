import { type Document, isAlias, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { type Issue, type Path, shownText } from '../issue.ts';
import type { YamlMap, YamlValue } from '../yaml-value.ts';
import { SCALAR_TYPES } from './scalar-type.ts';
import type { Shape, ShapeField } from './shape-table.ts';

/** How strictly to check. */
export interface CheckOptions {
  /** In patches nothing is required, and `$patch: delete` may stand in any mapping. */
  readonly isPatch: boolean;
}

/** Nodes that one document may expand to, aliases included: a guard against a small text that unfolds without end. */
const MAX_NODES = 200_000;
const MAX_DEPTH = 64;
/** Directive of a patch. */
const PATCH_KEY = '$patch';

/** Checks a document's root against a shape: its value with what could be read, and every issue added to `issues`. */
export function checkShape(document: Document, shape: Shape, issues: Issue[], options: CheckOptions): YamlMap {
  return new Checker(document, issues, options).root(shape);
}

/** The plain value of a node, whatever it holds; undefined when it is too large or loops. */
export function plainValue(document: Document, node: Node | null | undefined): YamlValue | undefined {
  const issues: Issue[] = [];
  const value = new Checker(document, issues, { isPatch: true }).any(node, []);
  return issues.length === 0 ? value : undefined;
}

class Checker {
  readonly #document: Document;
  readonly #issues: Issue[];
  readonly #options: CheckOptions;
  #nodes = 0;

  constructor(document: Document, issues: Issue[], options: CheckOptions) {
    this.#document = document;
    this.#issues = issues;
    this.#options = options;
  }

  root(shape: Shape): YamlMap {
    const node = this.#open(this.#document.contents, []);
    if (isMap(node)) return this.#mapping(node, shape, [], new Set(['apiVersion', 'kind']));
    this.#report([], 'a mapping', picture(node));
    return {};
  }

  any(raw: Node | null | undefined, at: Path): YamlValue {
    const node = this.#open(raw, at);
    if (isScalar(node)) return plainScalar(node);
    if (isSeq(node)) return node.items.map((item, i) => this.any(asNode(item), [...at, i]));
    if (!isMap(node)) return null;
    const out: Record<string, YamlValue> = Object.create(null);
    for (const pair of node.items) {
      const key = keyText(pair.key);
      out[key] = this.any(asNode(pair.value), [...at, key]);
    }
    return out;
  }

  #mapping(node: YAMLMap, shape: Shape, at: Path, alsoKnown: ReadonlySet<string>): YamlMap {
    const out: Record<string, YamlValue> = Object.create(null);
    for (const pair of node.items) {
      const key = keyText(pair.key);
      const field = shape.fields.get(key);
      const value = asNode(pair.value);
      if (field !== undefined) {
        const read = this.#field(value, field, shape, [...at, key]);
        if (read !== undefined) out[key] = read;
      } else if (key === PATCH_KEY && this.#options.isPatch) out[key] = this.any(value, [...at, key]);
      else if (!alsoKnown.has(key)) this.#report([...at, key], 'a known key', 'an unknown one');
    }
    this.#requireAll(shape, at, out);
    return out;
  }

  #requireAll(shape: Shape, at: Path, out: YamlMap): void {
    if (this.#options.isPatch) return;
    const reported = (name: string): boolean => this.#issues.some((i) => i.at.length > at.length && i.at[at.length] === name);
    for (const field of shape.fields.values()) {
      if (field.isRequired && (out[field.name] === undefined || out[field.name] === '') && !reported(field.name)) {
        this.#report([...at, field.name], 'a value', 'nothing');
      }
    }
  }

  #field(raw: Node | null, field: ShapeField, shape: Shape, at: Path): YamlValue | undefined {
    const node = this.#open(raw, at);
    if (node === null || (isScalar(node) && node.value === null)) return undefined;
    if (field.holder === 'one') return this.#value(node, field, shape, at);
    if (field.holder === 'list') {
      if (isSeq(node)) return this.#list(node, field, shape, at);
      this.#report(at, 'a list', picture(node));
      return undefined;
    }
    if (isMap(node)) return this.#map(node, field, shape, at);
    this.#report(at, 'a mapping', picture(node));
    return undefined;
  }

  #list(node: YAMLSeq, field: ShapeField, shape: Shape, at: Path): YamlValue {
    return node.items
      .map((item, i) => this.#value(this.#open(asNode(item), [...at, i]), field, shape, [...at, i]))
      .filter((v) => v !== undefined);
  }

  #map(node: YAMLMap, field: ShapeField, shape: Shape, at: Path): YamlValue {
    const out: Record<string, YamlValue> = Object.create(null);
    for (const pair of node.items) {
      const key = keyText(pair.key);
      const value = this.#value(this.#open(asNode(pair.value), [...at, key]), field, shape, [...at, key]);
      if (value !== undefined) out[key] = value;
    }
    return out;
  }

  #value(node: Node | null, field: ShapeField, shape: Shape, at: Path): YamlValue | undefined {
    const inner = shape.shapeOf(field);
    if (inner !== undefined) {
      if (isMap(node)) return this.#mapping(node, inner, at, new Set());
      this.#report(at, 'a mapping', picture(node));
      return undefined;
    }
    if (field.type === 'any' || field.type === 'map' || field.type === 'args') return this.#freeMapping(node, field.type, at);
    return this.#scalar(node, field.type, at);
  }

  /** `any`: any mapping; `map`: key to text; `args`: key to text or a list of texts. */
  #freeMapping(node: Node | null, type: 'any' | 'map' | 'args', at: Path): YamlValue | undefined {
    if (!isMap(node)) {
      this.#report(at, 'a mapping', picture(node));
      return undefined;
    }
    if (type === 'any') return this.any(node, at);
    const out: Record<string, YamlValue> = Object.create(null);
    for (const pair of node.items) {
      const key = keyText(pair.key);
      const value = this.#open(asNode(pair.value), [...at, key]);
      if (isScalar(value)) out[key] = scalarText(value);
      else if (type === 'args' && isSeq(value)) out[key] = this.any(value, [...at, key]);
      else this.#report([...at, key], type === 'args' ? 'text or a list of texts' : 'text', picture(value));
    }
    return out;
  }

  #scalar(node: Node | null, name: string, at: Path): YamlValue | undefined {
    const type = SCALAR_TYPES.get(name);
    if (type === undefined) throw new TypeError(`shape table: no type ${name}`);
    const isSecret = !type.isShown || name === 'str';
    if (!isScalar(node)) {
      this.#report(at, type.expected, picture(node));
      return undefined;
    }
    const text = scalarText(node);
    if (text === '' && typeof node.value !== 'number') return '';
    const value = type.read({ value: node.value, text });
    if (value === undefined) this.#report(at, type.expected, isSecret ? picture(node) : shownText(text));
    return value;
  }

  #open(raw: Node | null | undefined, at: Path): Node | null {
    this.#nodes += 1;
    if (this.#nodes > MAX_NODES || at.length > MAX_DEPTH) {
      if (this.#nodes <= MAX_NODES + 1) this.#report(at, 'a smaller document', undefined);
      this.#nodes = MAX_NODES + 1;
      return null;
    }
    if (raw === undefined) return null;
    return isAlias(raw) ? this.#open(raw.resolve(this.#document) ?? null, at) : raw;
  }

  #report(at: Path, expected: string, found: string | undefined): void {
    this.#issues.push(found === undefined ? { at, expected } : { at, expected, found });
  }
}

function asNode(value: unknown): Node | null {
  return isScalar(value) || isMap(value) || isSeq(value) || isAlias(value) ? value : null;
}

function keyText(key: unknown): string {
  return isScalar(key) ? scalarText(key) : String(key);
}

/** A scalar's text as written, without quotes; empty for null. */
export function scalarText(node: Scalar): string {
  if (node.value === null) return '';
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

function plainScalar(node: Scalar): YamlValue {
  const { value } = node;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return value;
  return value === null || value === undefined ? null : String(value);
}

/** What kind of thing a node is, without its contents. */
function picture(node: Node | null): string {
  if (isMap(node)) return 'a mapping';
  if (isSeq(node)) return 'a list';
  if (!isScalar(node) || node.value === null) return 'nothing';
  return typeof node.value === 'string' ? 'text' : `a ${typeof node.value}`;
}
