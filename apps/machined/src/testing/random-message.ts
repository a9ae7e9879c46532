import { type FuzzRandom, mutateBytes } from '@minos/testkit';

/** Texts that some call may take seriously. */
const TEXTS = [
  ...[
    '',
    '/',
    '/proc',
    '/proc/self/mem',
    '/system/state',
    '/system/state/config.yaml',
    '/etc/hosts',
    '..',
    '../../etc',
    'relative',
    '/dev/null',
  ],
  ...[
    'apid',
    'machined',
    'networkd',
    'nobody',
    'system',
    'k8s.io',
    'kernel',
    'cluster',
    'network',
    'config',
    'runtime',
    'meta',
    'v1alpha1',
  ],
  ...[
    'Members.cluster.talos.dev',
    'MachineConfigs.config.talos.dev',
    'ResourceDefinitions.meta.cosi.dev',
    'Nothings.x.dev',
    '__proto__',
  ],
  ...[
    '(a+)+$',
    '^a',
    '[',
    '*',
    'hostname',
    'os:admin',
    'version: v1alpha1\nmachine: {}\n',
    'kind: LinkConfig\n',
    '[{"op":"add"}]',
    '\0',
    '\u{1f600}',
  ],
];
const NUMBERS = [0, 1, 2, 5, 127, 128, 300, 65_535, 2 ** 31 - 1, 2 ** 32 - 1];

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let left = value; ; left = Math.floor(left / 128)) {
    if (left < 128) return Buffer.from([...bytes, left]);
    bytes.push((left % 128) | 128);
  }
}

function field(random: FuzzRandom, depth: number): Buffer {
  const number = 1 + random.below(random.oneIn(8) ? 40 : 8);
  const delimited = (body: Buffer): Buffer => Buffer.concat([varint(number * 8 + 2), varint(body.length), body]);
  switch (random.below(depth > 3 ? 4 : 6)) {
    case 0:
      return Buffer.concat([varint(number * 8), varint(random.pick(NUMBERS))]);
    case 1:
      return Buffer.concat([varint(number * 8), Buffer.alloc(9, 0xff), Buffer.from([1])]);
    case 2:
      return Buffer.concat([varint(number * 8 + (random.oneIn(2) ? 1 : 5)), random.bytes(random.oneIn(2) ? 8 : 4)]);
    default:
      return delimited(random.oneIn(2) ? Buffer.from(random.pick(TEXTS)) : randomMessage(random, depth + 1));
  }
}

/** The bytes of a message of protobuf with any fields: mostly well-formed, with values that some call may take seriously. */
export function randomMessage(random: FuzzRandom, depth = 0): Buffer {
  const bytes = Buffer.concat(Array.from({ length: random.below(depth === 0 ? 7 : 4) }, () => field(random, depth)));
  return depth === 0 && random.oneIn(6) ? mutateBytes(bytes, random) : bytes;
}
