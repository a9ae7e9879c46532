/**
 * Shapes by name. A shape is a list of fields, separated by blanks:
 *   `name:type`    a field; the type is a scalar of scalar-type.ts or a shape of the same table
 *   `name:type[]`  a list of them        `name:map<type>`  a mapping from any key to them
 *   `…~`           patches replace this list or mapping, instead of adding to it
 *   `…!`           must be there (checked in configurations, not in patches)
 *   `+Name`        all fields of another shape of the table
 */
export type ShapeTable = Readonly<Record<string, string>>;

/** How a field holds its values. */
export type Holder = 'one' | 'list' | 'map';

/** One field of a shape. */
export interface ShapeField {
  readonly name: string;
  /** Name of a scalar type or of a shape. */
  readonly type: string;
  readonly holder: Holder;
  readonly isRequired: boolean;
  readonly isReplacedByPatch: boolean;
}

/** A shape, ready to check against. */
export interface Shape {
  readonly name: string;
  readonly fields: ReadonlyMap<string, ShapeField>;
  /** The shape that a field's values have; undefined when they are scalars. */
  shapeOf(field: ShapeField): Shape | undefined;
}

/** Shapes that every table may use: certificates and keys in base64 of PEM (`Pem…`) or as PEM text. */
const SHARED: ShapeTable = {
  PemPair: 'crt:b64 key:b64',
  PemCert: 'crt:b64',
  PemKey: 'key:b64',
  PemTexts: 'cert:str key:str',
  Nothing: '',
};

const FIELD = /^([\w-]+):(?:map<([\w-]+)>|([\w-]+?)(\[\])?)(~?)(!?)$/;
const cache = new WeakMap<ShapeTable, Map<string, Shape>>();

/** The shape of this name in a table, built when first asked for; undefined when there is none. Throws on a malformed table. */
export function shapeNamed(table: ShapeTable, name: string): Shape | undefined {
  const known = cache.get(table) ?? new Map<string, Shape>();
  cache.set(table, known);
  const found = known.get(name);
  if (found !== undefined) return found;
  const text = table[name] ?? SHARED[name];
  if (text === undefined) return undefined;
  const shape: Shape = { name, fields: readFields(table, text), shapeOf: (field) => shapeNamed(table, field.type) };
  known.set(name, shape);
  return shape;
}

function readFields(table: ShapeTable, text: string): ReadonlyMap<string, ShapeField> {
  const fields = new Map<string, ShapeField>();
  for (const word of text.split(/\s+/).filter((w) => w !== '')) {
    if (word.startsWith('+')) {
      for (const field of readFields(table, table[word.slice(1)] ?? '').values()) fields.set(field.name, field);
      continue;
    }
    const m = FIELD.exec(word);
    if (m === null) throw new TypeError(`shape table: ${word} is not a field`);
    const [, name = '', mapOf, plain, list, replaced, required] = m;
    fields.set(name, {
      name,
      type: mapOf ?? plain ?? '',
      holder: mapOf !== undefined ? 'map' : list !== undefined ? 'list' : 'one',
      isRequired: required === '!',
      isReplacedByPatch: replaced === '~',
    });
  }
  return fields;
}
