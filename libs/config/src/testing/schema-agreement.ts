import type { Problem } from '@minos/base';
import { parseDocuments } from '../read-documents.ts';
import { toYamlText } from '../yaml-text.ts';
import type { YamlMap } from '../yaml-value.ts';
import { isValid, SCHEMA } from './schema-check.ts';

/** Types whose form only the parser knows: a text that it refuses may pass the schema. */
const FORMS = /an IP address|an address|a duration|a size|a hardware|a URL|base64|a port|file permissions|a routing table/;

const isAboutForm = ({ expected, found }: Problem): boolean =>
  FORMS.test(expected) && !/^(a mapping|a list|nothing)/.test(found ?? '');

/** What schema and parser say about a document: whether it is right, and what the parser objects to beside forms that no schema knows. */
export function schemaAndParser(document: YamlMap): { readonly schema: boolean; readonly problems: readonly Problem[] } {
  const parsed = parseDocuments(toYamlText(document), { isPatch: false });
  const problems = parsed.ok ? [] : parsed.problems.filter((problem) => !isAboutForm(problem));
  return { schema: isValid(SCHEMA, document), problems };
}
