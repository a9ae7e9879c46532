import { isDeepStrictEqual } from 'node:util';
import { fuzzTarget } from '@minos/testkit';
import { emitClientConfig, mergeClientConfig, parseClientConfig } from '../client/client-config.ts';
import { mutateYaml } from './mutate-yaml.ts';

const PEM = Buffer.from('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n').toString('base64');
const TEXT = `context: minos
contexts:
    minos:
        endpoints: [10.5.0.2, "[fd00::1]:50000"]
        nodes:
            - 10.5.0.3
        ca: ${PEM}
        crt: ${PEM}
        key: ${PEM}
    other:
        target: 10.5.0.9
        auth: { basic: { username: a, password: b } }
        cluster: c
        proxy-url: http://10.5.0.1:3128
    empty: {}
`;

/** Any text is a client configuration or problems; one that is written reads the same, and merging loses no context. */
export const target = fuzzTarget<string>({
  generate: (random) => mutateYaml(TEXT, random),
  check: (text) => {
    const first = parseClientConfig(text);
    if (!first.ok) {
      if (first.problems.length === 0) throw new Error('refused without a problem');
      if (JSON.stringify(first.problems).includes(PEM)) throw new Error('a secret is in the problems');
      return;
    }
    const emitted = emitClientConfig(first.value);
    const second = parseClientConfig(emitted);
    if (!second.ok) throw new Error(`what was written does not read: ${JSON.stringify(second.problems)}\n${emitted}`);
    if (emitClientConfig(second.value) !== emitted) throw new Error(`written twice, it differs:\n${emitted}`);
    if (!isDeepStrictEqual([...second.value.contexts.keys()], [...first.value.contexts.keys()]))
      throw new Error('a context is lost');
    const merged = mergeClientConfig(first.value, second.value);
    if (merged.contexts.size !== first.value.contexts.size + second.value.contexts.size)
      throw new Error('merging lost a context');
  },
});
