import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { StateDefinition } from '@minos/api/cosi';
import { isFault, Scope, silentLogger, systemClock } from '@minos/base';
import { parseYamlDocument, toYamlText } from '@minos/config';
import {
  allResourceTypes,
  bindStateService,
  MemoryState,
  outsidePolicy,
  type ResourceType,
  type YamlValue,
} from '@minos/resource';
import { type CallOptions, type Client, client, dial, serve } from '@minos/rpc';
import { tempDir } from '@minos/testkit';
import { fullSpec } from './testing/full-spec.ts';

const ADMIN: CallOptions = { metadata: { roles: 'os:admin' } };
const READER: CallOptions = { metadata: { roles: 'os:reader' } };
const scope = new Scope();
let state: MemoryState;
let api: Client<typeof StateDefinition>;

beforeAll(async () => {
  const path = scope.use(await tempDir('encodings')).file('s.sock');
  state = new MemoryState({ clock: systemClock, types: allResourceTypes });
  const service = bindStateService({ state, types: allResourceTypes, policy: outsidePolicy(), emitYaml: toYamlText });
  const authorize = ({ metadata }: { readonly metadata: { all(name: string): readonly string[] } }) =>
    new Set(metadata.all('roles'));
  scope.use(await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger, authorize }));
  api = client(scope.use(dial({ kind: 'unix', path })), StateDefinition);
});
afterAll(() => scope.close());

interface Listed {
  readonly id: string;
  readonly proto: Buffer;
  readonly yaml: string;
}

async function list(type: ResourceType<unknown>, options: CallOptions): Promise<Listed[]> {
  const found: Listed[] = [];
  for await (const { resource } of api.List({ namespace: type.defaultNamespace, type: type.type, options: undefined }, options)) {
    found.push({
      id: resource?.metadata?.id ?? '',
      proto: resource?.spec?.protoSpec ?? Buffer.alloc(0),
      yaml: resource?.spec?.yamlSpec ?? '',
    });
  }
  return found;
}

/** Numbers as a reader of YAML gets them. */
function read(value: YamlValue): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)));
}

const hasSpec = (type: ResourceType<unknown>): boolean => Object.keys(Object(type.codec.fromPartial({}))).length > 0;
const served = allResourceTypes.filter(hasSpec);

test.each(served.map((type) => [type.type, type] as const))('%s says the same in both forms', async (_name, type) => {
  await state.as('test').put(type, 'sample', fullSpec(type));
  const listed = (await list(type, ADMIN)).find(({ id }) => id === 'sample');
  expect(listed?.yaml).not.toBe('');
  const decoded = type.codec.decode(listed?.proto ?? Buffer.alloc(0));
  const yaml = parseYamlDocument(listed?.yaml ?? '');
  expect(yaml.ok ? read(yaml.value) : yaml.problems).toEqual(read(type.toYaml(decoded)));
  expect(type.codec.encode(decoded).finish()).toEqual(type.codec.encode(fullSpec(type)).finish());
});

test.each(served.map((type) => [type.type, type] as const))('%s shows every field to people', (_name, type) => {
  const full: object = Object(fullSpec(type));
  const whole = JSON.stringify(read(type.toYaml(full)));
  const unseen = Object.keys(full).filter((name) => {
    const { [name]: _dropped, ...rest } = Object.fromEntries(Object.entries(full));
    return JSON.stringify(read(type.toYaml(type.codec.fromPartial(rest)))) === whole;
  });
  expect(unseen).toEqual([]);
});

test('a type that there are none of lists as empty; a sensitive one only for administrators', async () => {
  for (const type of allResourceTypes.filter((each) => !hasSpec(each))) {
    expect([type.type, await list(type, ADMIN)]).toEqual([type.type, []]);
  }
  for (const type of allResourceTypes) {
    const refused = await list(type, READER).then(
      () => false,
      (e: unknown) => isFault(e, 'denied'),
    );
    expect([type.type, refused]).toEqual([type.type, type.isSensitive]);
  }
});
