import type { Parsed, Problem } from '@minos/base';
import { type Document, isMap, isScalar, LineCounter, parseAllDocuments } from 'yaml';
import { faithfulNumbers } from './faithful-numbers.ts';
import { type Issue, issueProblem, type Path, shownText } from './issue.ts';
import { type CheckOptions, checkShape } from './shape/check-shape.ts';
import { documentShape, LEGACY_KIND } from './shape/document-kinds.ts';
import type { YamlMap } from './yaml-value.ts';

/** One document of a configuration. */
export interface ConfigDocument {
  /** `v1alpha1` for the document without a kind. */
  readonly kind: string;
  /** Its `name`; empty where the kind has none. */
  readonly name: string;
  readonly value: YamlMap;
  /** `12:5`: line and column of what stands at a path, or of the nearest thing around it. */
  positionOf(path: Path): string | undefined;
  readonly node: Document;
}

/** Texts longer than this are refused before they are parsed. */
const MAX_CHARACTERS = 4 * 1024 * 1024;
const LEGACY_KEYS = ['machine', 'cluster', 'debug', 'persist'];
const API_VERSION = 'v1alpha1';

/** What a document is called in paths: nothing for the one without a kind, `LinkConfig(eth0)` for the others. */
export function documentRoot(document: Pick<ConfigDocument, 'kind' | 'name'>): string {
  if (document.kind === LEGACY_KIND) return '';
  return document.name === '' ? document.kind : `${document.kind}(${document.name})`;
}

/** A document as a value with what says its kind; scalars have the types of its fields. */
export function documentValue({ kind, value }: Pick<ConfigDocument, 'kind' | 'value'>): YamlMap {
  return kind === LEGACY_KIND ? value : { apiVersion: API_VERSION, kind, ...value };
}

/** What could be read of a stream of documents, and what was wrong with the rest. */
export interface ReadDocuments {
  readonly documents: readonly ConfigDocument[];
  readonly problems: readonly Problem[];
}

/**
 * Reads a stream of documents: known kinds, known keys, right types, no two of one kind and name. Every problem comes
 * with its path, line and column; a document with problems is still there, with what could be read of it. Nothing is
 * said about whether the values make sense together.
 */
export function readDocuments(text: string, options: CheckOptions): ReadDocuments {
  if (text.length > MAX_CHARACTERS) return refused({ path: '', expected: `at most ${MAX_CHARACTERS} characters` });
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    lineCounter: lines,
    prettyErrors: false,
    logLevel: 'silent',
    keepSourceTokens: false,
    customTags: faithfulNumbers,
  });
  const nodes = 'empty' in parsed ? [] : parsed.filter((node) => node.errors.length > 0 || !isEmpty(node));
  const problems: Problem[] = [];
  const documents: ConfigDocument[] = [];
  for (const node of nodes) {
    const syntax = node.errors.map((e) => syntaxProblem(e.code, lines.linePos(e.pos[0])));
    if (syntax.length > 0) problems.push(...syntax);
    else readDocument({ node, lines, options }, documents, problems);
  }
  if (nodes.length === 0) problems.push({ path: '', expected: 'at least one configuration document', found: 'nothing' });
  if (!options.isPatch) problems.push(...repeated(documents));
  return { documents, problems };
}

/** Like `readDocuments`, for those who can only go on with all of them. */
export function parseDocuments(text: string, options: CheckOptions): Parsed<readonly ConfigDocument[]> {
  const { documents, problems } = readDocuments(text, options);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: documents };
}

interface Source {
  readonly node: Document;
  readonly lines: LineCounter;
  readonly options: CheckOptions;
}

function readDocument({ node, lines, options }: Source, documents: ConfigDocument[], problems: Problem[]): void {
  const positionOf = (path: Path): string | undefined => position(node, lines, path);
  const kind = kindOf(node);
  if (typeof kind !== 'string') {
    problems.push(issueProblem(kind, '', positionOf(kind.at)));
    return;
  }
  const shape = documentShape(kind);
  if (shape === undefined) {
    problems.push(
      issueProblem({ at: ['kind'], expected: 'a known kind of document', found: shownText(kind) }, '', positionOf(['kind'])),
    );
    return;
  }
  const issues: Issue[] = [];
  const value = checkShape(node, shape, issues, options);
  const name = typeof value['name'] === 'string' && shape.fields.has('name') ? value['name'] : '';
  const document: ConfigDocument = { kind, name, value, positionOf, node };
  for (const issue of issues) problems.push(issueProblem(issue, documentRoot(document), positionOf(issue.at)));
  documents.push(document);
}

/** The kind of a document, or what is wrong with how it says it. */
function kindOf(node: Document): string | Issue {
  if (!isMap(node.contents)) return { at: [], expected: 'a mapping' };
  const kind = node.contents.get('kind');
  const apiVersion = node.contents.get('apiVersion');
  if (kind === undefined) {
    if (LEGACY_KEYS.some((key) => node.has(key))) return LEGACY_KIND;
    return { at: ['kind'], expected: 'a kind of document', found: 'nothing' };
  }
  if (typeof kind !== 'string' || kind === LEGACY_KIND) return { at: ['kind'], expected: 'a known kind of document' };
  if (apiVersion !== API_VERSION) return { at: ['apiVersion'], expected: API_VERSION };
  return kind;
}

function repeated(documents: readonly ConfigDocument[]): Problem[] {
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const document of documents) {
    const id = `${document.kind} ${document.name}`;
    if (seen.has(id)) {
      const issue: Issue = { at: [], expected: `only one document of this kind${document.name === '' ? '' : ' and name'}` };
      problems.push(issueProblem(issue, documentRoot(document) || LEGACY_KIND, document.positionOf([])));
    }
    seen.add(id);
  }
  return problems;
}

function position(node: Document, lines: LineCounter, path: Path): string | undefined {
  for (let length = path.length; length >= 0; length--) {
    const at = length === 0 ? node.contents : keyOrValueAt(node, path.slice(0, length));
    const start = isRanged(at) ? at.range?.[0] : undefined;
    if (start === undefined) continue;
    const { line, col } = lines.linePos(start);
    return `${line}:${col}`;
  }
  return undefined;
}

/** The key of the last step where it is one, so that positions point at the name of a field. */
function keyOrValueAt(node: Document, path: Path): unknown {
  const last = path.at(-1);
  const parent = path.length === 1 ? node.contents : node.getIn(path.slice(0, -1), true);
  if (typeof last === 'number' || !isMap(parent)) return node.getIn(path, true);
  return parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === last)?.key;
}

function isRanged(node: unknown): node is { readonly range?: readonly [number, number, number] | null } {
  return typeof node === 'object' && node !== null && 'range' in node;
}

function isEmpty(node: Document): boolean {
  return node.contents === null || (isScalar(node.contents) && node.contents.value === null);
}

/** What the parser objects to, by its code: its own messages may quote the text, which may be a secret. */
function syntaxProblem(code: string, at: { line: number; col: number }): Problem {
  const what = code.toLowerCase().replaceAll('_', ' ');
  return { path: '', expected: 'well-formed YAML', found: `${what} at line ${at.line}:${at.col}` };
}

function refused(problem: Problem): ReadDocuments {
  return { documents: [], problems: [problem] };
}
