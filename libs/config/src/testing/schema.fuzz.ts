import { fuzzTarget } from '@minos/testkit';
import { parseYamlDocument } from '../yaml-text.ts';
import { isYamlMap } from '../yaml-value.ts';
import { shapeText } from './fuzz-corpus.ts';
import { schemaAndParser } from './schema-agreement.ts';

/** The JSON Schema and the parser agree about which documents are right. */
export const target = fuzzTarget<string>({
  generate: shapeText,
  check: (text) => {
    const document = parseYamlDocument(text);
    if (!document.ok || !isYamlMap(document.value)) return;
    const { schema, problems } = schemaAndParser(document.value);
    if (schema !== (problems.length === 0)) {
      throw new Error(`the schema says ${schema ? 'right' : 'wrong'}, the parser: ${JSON.stringify(problems.slice(0, 3))}`);
    }
  },
});
