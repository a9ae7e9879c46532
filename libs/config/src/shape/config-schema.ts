import { allShapeTables, documentKinds, documentShape, LEGACY_KIND } from './document-kinds.ts';
import { type JsonSchema, SCALAR_TYPES } from './scalar-type.ts';
import type { Shape, ShapeField } from './shape-table.ts';

const LEGACY_NAME = 'MachineConfiguration';
const NULL: JsonSchema = { type: 'null' };
const TEXT: JsonSchema = { type: ['string', 'number', 'boolean', 'null'] };
const FREE: Readonly<Record<string, JsonSchema>> = {
  any: { type: 'object' },
  map: { type: 'object', additionalProperties: TEXT },
  args: { type: 'object', additionalProperties: { anyOf: [TEXT, { type: 'array' }] } },
};

/**
 * A JSON Schema (draft-07) for one document of a configuration, made from the shapes that the parser checks against: kinds, keys, types,
 * what must be there. What depends on other values, and the form of addresses and sizes, only the parser knows.
 */
export function configSchema(): JsonSchema {
  const builder = new SchemaBuilder();
  const legacy = documentShape(LEGACY_KIND);
  const documents: JsonSchema[] = legacy === undefined ? [] : [builder.reference(legacy, LEGACY_NAME)];
  for (const kind of documentKinds()) {
    const shape = documentShape(kind);
    if (shape !== undefined) documents.push(builder.reference(shape, kind, kind));
  }
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: `Machine configuration, ${documents.length} kinds of documents, ${allShapeTables().length} groups`,
    oneOf: documents,
    definitions: builder.definitions,
  };
}

class SchemaBuilder {
  readonly definitions: Record<string, JsonSchema> = {};
  readonly #names = new Map<Shape, string>();

  /** A reference to a shape's definition, which is made when it is first asked for. */
  reference(shape: Shape, wanted: string, kind?: string): JsonSchema {
    const known = this.#names.get(shape);
    if (known !== undefined) return { $ref: `#/definitions/${known}` };
    let name = wanted;
    for (let n = 2; name in this.definitions; n++) name = `${wanted}${n}`;
    this.#names.set(shape, name);
    this.definitions[name] = {};
    this.definitions[name] = this.#object(shape, kind);
    return { $ref: `#/definitions/${name}` };
  }

  #object(shape: Shape, kind: string | undefined): JsonSchema {
    const fields = [...shape.fields.values()];
    const own = Object.fromEntries(fields.map((field) => [field.name, this.#field(shape, field)]));
    const header: JsonSchema = kind === undefined ? {} : { apiVersion: { const: 'v1alpha1' }, kind: { const: kind } };
    const required = [...Object.keys(header), ...fields.filter((f) => f.isRequired).map((f) => f.name)];
    return {
      type: 'object',
      properties: { ...own, ...header },
      ...(required.length === 0 ? {} : { required }),
      additionalProperties: false,
    };
  }

  #field(shape: Shape, field: ShapeField): JsonSchema {
    const value = this.#value(shape, field);
    const held: JsonSchema =
      field.holder === 'list'
        ? { type: 'array', items: value }
        : field.holder === 'map'
          ? { type: 'object', additionalProperties: value }
          : value;
    // What must be there is neither null nor an empty text.
    return field.isRequired ? { allOf: [held, { not: { enum: ['', null] } }] } : { anyOf: [held, NULL] };
  }

  #value(shape: Shape, field: ShapeField): JsonSchema {
    const inner = shape.shapeOf(field);
    if (inner !== undefined) return this.reference(inner, inner.name);
    const free = FREE[field.type];
    if (free !== undefined) return free;
    const scalar = SCALAR_TYPES.get(field.type);
    if (scalar === undefined) throw new TypeError(`shape table: no type ${field.type}`);
    return field.holder === 'one' ? scalar.schema : { anyOf: [scalar.schema, NULL] };
  }
}
