import {
  type DescriptorProto,
  type EnumDescriptorProto,
  type FieldDescriptorProto,
  FieldDescriptorProto_Label,
  FieldDescriptorProto_Type,
  type FileDescriptorProto,
  type ServiceDescriptorProto,
} from '@bufbuild/protobuf/wkt';

/** A contract on the wire: `service x`, `message x` or `enum x`, each with its lines, sorted. */
export type WireTable = ReadonlyMap<string, readonly string[]>;

/** Reads a table: a block is a line at the margin and the indented lines after it; `#` begins a comment. */
export function readWireTable(text: string): WireTable {
  const table = new Map<string, string[]>();
  let lines: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (line.startsWith(' ')) lines.push(line.trim());
    else {
      lines = [];
      table.set(line, lines);
    }
  }
  for (const block of table.values()) block.sort();
  return table;
}

/** The table of what compiled proto files say. */
export function wireTableOf(files: readonly FileDescriptorProto[]): WireTable {
  const table = new Map<string, string[]>();
  for (const file of files) {
    for (const service of file.service) table.set(`service ${file.package}.${service.name}`, serviceLines(service));
    for (const type of file.enumType) table.set(`enum ${file.package}.${type.name}`, enumLines(type));
    for (const message of file.messageType) addMessage(table, `${file.package}.${message.name}`, message);
  }
  for (const block of table.values()) block.sort();
  return table;
}

function addMessage(table: Map<string, string[]>, name: string, message: DescriptorProto): void {
  table.set(
    `message ${name}`,
    message.field.map((f) => fieldLine(f, message)),
  );
  for (const type of message.enumType) table.set(`enum ${name}.${type.name}`, enumLines(type));
  for (const nested of message.nestedType)
    if (nested.options?.mapEntry !== true) addMessage(table, `${name}.${nested.name}`, nested);
}

function serviceLines(service: ServiceDescriptorProto): string[] {
  return service.method.map((m) => {
    const request = `${m.clientStreaming ? 'stream ' : ''}${m.inputType.slice(1)}`;
    return `${m.name}: ${request} -> ${m.serverStreaming ? 'stream ' : ''}${m.outputType.slice(1)}`;
  });
}

function enumLines(type: EnumDescriptorProto): string[] {
  return type.value.map((v) => `${v.number} ${v.name}`);
}

function fieldLine(f: FieldDescriptorProto, message: DescriptorProto): string {
  const entry = message.nestedType.find((n) => n.options?.mapEntry === true && f.typeName.endsWith(`.${message.name}.${n.name}`));
  const head = `${f.number} ${f.name}: `;
  if (entry !== undefined) return `${head}map<${entry.field.map(typeOf).join(',')}>`;
  if (f.label === FieldDescriptorProto_Label.REPEATED) return `${head}repeated ${typeOf(f)}`;
  if (f.proto3Optional) return `${head}optional ${typeOf(f)}`;
  const oneof = inOneof(f) ? message.oneofDecl[f.oneofIndex] : undefined;
  return `${head}${typeOf(f)}${oneof === undefined ? '' : ` in ${oneof.name}`}`;
}

function typeOf(f: FieldDescriptorProto): string {
  return f.typeName === '' ? FieldDescriptorProto_Type[f.type].toLowerCase() : f.typeName.slice(1);
}

/** Whether the field is a member of a oneof: an index of 0 that was set differs from one that was not. */
function inOneof(f: FieldDescriptorProto): boolean {
  return Object.hasOwn(f, 'oneofIndex');
}
