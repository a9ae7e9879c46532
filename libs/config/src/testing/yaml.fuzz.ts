import { isDeepStrictEqual } from 'node:util';
import { fuzzTarget } from '@minos/testkit';
import { parseYamlDocument, toYamlText } from '../yaml-text.ts';
import { corpusText } from './fuzz-corpus.ts';
import { mutateYaml } from './mutate-yaml.ts';

/** What is read of one YAML document is written so that it is read as the same again. */
export const target = fuzzTarget<string>({
  generate: (random) => {
    const documents = mutateYaml(corpusText(random), random).split(/^---$/m);
    return random.pick(documents);
  },
  check: (text) => {
    const first = parseYamlDocument(text);
    if (!first.ok) {
      const lost = first.problems.find((p) => p.found === undefined || !/ at line \d+:\d+$/.test(p.found));
      if (lost !== undefined && lost.expected === 'well-formed YAML')
        throw new Error(`a problem without a line: ${JSON.stringify(lost)}`);
      return;
    }
    const emitted = toYamlText(first.value);
    const second = parseYamlDocument(emitted);
    if (!second.ok) throw new Error(`what was written does not read: ${JSON.stringify(second.problems)}\n${emitted}`);
    if (!isDeepStrictEqual(second.value, first.value)) throw new Error(`what was written reads as something else:\n${emitted}`);
  },
});
