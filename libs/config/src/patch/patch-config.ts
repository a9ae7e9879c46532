import { type Parsed, type Problem, parsed } from '@minos/base';
import { type Document, isMap, parseAllDocuments, type YAMLMap } from 'yaml';
import { type ConfigDocument, documentRoot, documentValue, parseDocuments } from '../read-documents.ts';
import { documentShape, LEGACY_KIND } from '../shape/document-kinds.ts';
import { parseYamlDocument, toYamlText } from '../yaml-text.ts';
import { isYamlList } from '../yaml-value.ts';
import { applyJsonPatch } from './json-patch.ts';
import { isDelete, mergeMapping, withoutDirectives } from './strategic-merge.ts';

/**
 * Applies patches in order: each a stream of documents that is merged into the configuration (lists are added to,
 * `$patch: delete` removes), or a list of RFC 6902 operations, which needs a configuration of one document. The result
 * is not validated. Comments outside of what changes stay.
 */
export function patchConfig(text: string, patches: readonly string[]): Parsed<string> {
  let current = text;
  for (const [i, patch] of patches.entries()) {
    const result = isOperationList(patch) ? patchByOperations(current, patch) : patchByDocuments(current, patch);
    if (!result.ok)
      return { ok: false, problems: result.problems.map((p) => ({ ...p, path: `patch ${i + 1}: ${p.path || 'document'}` })) };
    current = result.value;
  }
  return parsed(current);
}

function isOperationList(patch: string): boolean {
  return /^\s*(#.*\n\s*)*(\[|-\s)/.test(patch);
}

function patchByOperations(text: string, patch: string): Parsed<string> {
  const documents = parseDocuments(text, { isPatch: true });
  if (!documents.ok) return documents;
  const [only] = documents.value;
  if (only === undefined || documents.value.length !== 1) {
    return {
      ok: false,
      problems: [{ path: '', expected: 'a configuration of one document: RFC 6902 patches cannot say which one' }],
    };
  }
  const operations = parseYamlDocument(patch);
  if (!operations.ok) return operations;
  const patched = applyJsonPatch(documentValue(only), isYamlList(operations.value) ? operations.value : []);
  return patched.ok ? parsed(toYamlText(patched.value)) : patched;
}

function patchByDocuments(text: string, patch: string): Parsed<string> {
  const targets = parseDocuments(text, { isPatch: true });
  if (!targets.ok) return targets;
  const changes = parseDocuments(patch, { isPatch: true });
  if (!changes.ok) return changes;
  const documents = [...targets.value];
  const problems: Problem[] = [];
  for (const change of changes.value) applyDocument(documents, change, problems);
  if (problems.length > 0) return { ok: false, problems };
  return parsed(documents.map((d) => documentText(d.node)).join('---\n'));
}

function documentText(node: Document): string {
  node.directives = undefined;
  return node.toString({ indent: 4, lineWidth: 0, directives: false }).replace(/^---\n/, '');
}

function applyDocument(documents: ConfigDocument[], change: ConfigDocument, problems: Problem[]): void {
  const at = documents.findIndex((d) => d.kind === change.kind && d.name === change.name);
  const value = documentValue(change);
  if (isDelete(value)) {
    if (at >= 0) documents.splice(at, 1);
    return;
  }
  const target = documents[at];
  if (target === undefined) {
    documents.push(addedDocument(change));
    return;
  }
  const root = target.node.contents;
  const shape = documentShape(change.kind);
  const prefix = change.kind === LEGACY_KIND ? '' : `${documentRoot(change)}.`;
  if (isMap(root)) {
    const found = mergeMapping({ document: target.node, target: root as YAMLMap, patch: value, shape, at: [] });
    problems.push(...found.map((p) => ({ ...p, path: prefix + p.path })));
  }
}

/** A document that a patch adds, without what it asks to delete. */
function addedDocument(change: ConfigDocument): ConfigDocument {
  const value = withoutDirectives(documentValue(change));
  const [node] = parseAllDocuments(toYamlText(value));
  return node === undefined ? change : { ...change, node: node as Document };
}
