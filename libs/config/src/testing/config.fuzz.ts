import { formatProblems } from '@minos/base';
import { fuzzTarget } from '@minos/testkit';
import { documentChanges } from '../config-changes.ts';
import { diffConfigs } from '../diff-configs.ts';
import { networkSpecs } from '../network/network-specs.ts';
import { parseMachineConfig } from '../parse-machine-config.ts';
import { redactConfig } from '../redact-config.ts';
import { CANARY, corpusText } from './fuzz-corpus.ts';
import { mutateYaml } from './mutate-yaml.ts';

/** Whether a problem says where it is: every place in a document has a line. */
function isPlaced({ path, found }: { readonly path: string; readonly found?: string }): boolean {
  return path === '' || path === 'machine' || / at line \d+:\d+$/.test(found ?? '');
}

function refuseLeak(what: string, said: string): void {
  if (said.includes(CANARY)) throw new Error(`a secret is in ${what}`);
}

/** Any text is a configuration, or problems with their places, which show no secret. */
export const target = fuzzTarget<string>({
  generate: (random) => mutateYaml(corpusText(random), random),
  check: (text) => {
    const config = parseMachineConfig(text);
    if (!config.ok) {
      if (config.problems.length === 0) throw new Error('refused without a problem');
      const lost = config.problems.find((p) => !isPlaced(p));
      if (lost !== undefined) throw new Error(`a problem without a line: ${JSON.stringify(lost)}`);
      refuseLeak('the problems', formatProblems(config.problems));
      return;
    }
    const { value } = config;
    if (value.text !== text) throw new Error('the text is not kept as it is');
    refuseLeak('the warnings', formatProblems(value.warnings));
    networkSpecs(value, { automaticHostname: 'a' });
    if (documentChanges(value, value).length > 0) throw new Error('a configuration differs from itself');
    const redacted = redactConfig(text);
    if (/(token|secret): c4n4ry/.test(redacted)) throw new Error(`a secret is in the redacted text:\n${redacted}`);
    if (diffConfigs(text, text) !== '') throw new Error('a text differs from itself');
  },
});
