import { isDeepStrictEqual } from 'node:util';
import { parseYamlDocument, toYamlText } from '@minos/config';
import { allResourceTypes, type YamlValue } from '@minos/resource';
import { fuzzTarget, mutateBytes } from '@minos/testkit';
import { fullSpec } from '../runtime/testing/full-spec.ts';

const SAMPLES = allResourceTypes
  .filter((type) => Object.keys(Object(type.codec.fromPartial({}))).length > 0)
  .map((type) => ({ type, bytes: Buffer.from(type.codec.encode(fullSpec(type)).finish()) }));

/** Numbers as a reader of YAML gets them. */
function read(value: YamlValue): unknown {
  return JSON.parse(JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? Number(inner) : inner)));
}

function decoded(input: Buffer): { readonly name: string; readonly yaml: YamlValue } | undefined {
  const sample = SAMPLES[(input[0] ?? 0) % SAMPLES.length];
  if (sample === undefined) return undefined;
  let spec: unknown;
  try {
    spec = sample.type.codec.decode(input.subarray(1));
  } catch {
    return undefined;
  }
  return { name: sample.type.type, yaml: sample.type.toYaml(spec) };
}

/** Any spec that decodes can be shown, and what is shown reads as the same. */
export const target = fuzzTarget<Buffer>({
  generate: (random) => {
    const at = random.below(SAMPLES.length);
    return Buffer.concat([Buffer.from([at]), mutateBytes(SAMPLES[at]?.bytes ?? Buffer.alloc(0), random)]);
  },
  check: (input) => {
    const found = decoded(input);
    if (found === undefined) return;
    const text = toYamlText(found.yaml);
    const document = parseYamlDocument(text);
    if (!document.ok) throw new Error(`${found.name} does not read: ${JSON.stringify(document.problems)}\n${text}`);
    if (!isDeepStrictEqual(read(document.value), read(found.yaml)))
      throw new Error(`${found.name} reads as something else:\n${text}`);
  },
});
