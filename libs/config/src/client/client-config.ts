import { type Parsed, type Problem, parsed } from '@minos/base';
import { pathText } from '../issue.ts';
import { decodeBase64Pem, encodeBase64Pem } from '../pem-field.ts';
import { parseYamlDocument, toYamlText } from '../yaml-text.ts';
import { isYamlMap, textAt, textsAt, valueAt, type YamlMap, type YamlValue } from '../yaml-value.ts';

/** How to reach one cluster; PEM texts, the key in the clear. */
export interface ClientContext {
  readonly endpoints: readonly string[];
  /** Nodes to ask when a command names none. */
  readonly nodes: readonly string[];
  readonly caPem: string | undefined;
  readonly certPem: string | undefined;
  readonly keyPem: string | undefined;
  /** Keys of the file that we carry along without looking at them: auth, cluster, proxy-url. */
  readonly others: YamlMap;
}

/** What a client knows about clusters. */
export interface ClientConfig {
  /** Name of the context in use; empty when there is none. */
  readonly context: string;
  readonly contexts: ReadonlyMap<string, ClientContext>;
}

const OWN_KEYS: ReadonlySet<string> = new Set(['endpoints', 'target', 'nodes', 'ca', 'crt', 'key']);

/** Reads a client configuration (`talosconfig`); unknown keys are no problem, keys of the wrong kind are. */
export function parseClientConfig(text: string): Parsed<ClientConfig> {
  const document = parseYamlDocument(text);
  if (!document.ok) return document;
  const root = document.value;
  if (root === null) return parsed({ context: '', contexts: new Map() });
  if (!isYamlMap(root)) return { ok: false, problems: [{ path: '', expected: 'a mapping with context and contexts' }] };
  const problems: Problem[] = [];
  const listed = valueAt(root, 'contexts') ?? {};
  const contexts = new Map<string, ClientContext>();
  if (isYamlMap(listed)) {
    for (const [name, value] of Object.entries(listed)) contexts.set(name, readContext(name, value, problems));
  } else problems.push({ path: 'contexts', expected: 'a mapping from names to contexts' });
  const context = textAt(root, 'context') ?? '';
  return problems.length > 0 ? { ok: false, problems } : parsed({ context, contexts });
}

function readContext(name: string, value: YamlValue, problems: Problem[]): ClientContext {
  const at = pathText(['contexts', name]);
  if (!isYamlMap(value)) problems.push({ path: at, expected: 'a mapping' });
  const endpoints = textsAt(value, 'endpoints');
  return {
    endpoints: endpoints.length > 0 ? endpoints : textsAt(value, 'target'),
    nodes: textsAt(value, 'nodes'),
    caPem: readPem(value, 'ca', at, problems),
    certPem: readPem(value, 'crt', at, problems),
    keyPem: readPem(value, 'key', at, problems),
    others: isYamlMap(value) ? Object.fromEntries(Object.entries(value).filter(([key]) => !OWN_KEYS.has(key))) : {},
  };
}

function readPem(value: YamlValue, key: string, at: string, problems: Problem[]): string | undefined {
  const text = textAt(value, key);
  if (text === undefined) return undefined;
  const pem = decodeBase64Pem(text);
  if (!pem.includes('-----BEGIN ')) problems.push({ path: `${at}.${key}`, expected: 'base64 of PEM' });
  return pem;
}

/** The text of a client configuration; to be written with mode 0600. */
export function emitClientConfig(config: ClientConfig): string {
  const contexts = [...config.contexts].map(([name, context]): [string, YamlMap] => [name, contextValue(context)]);
  return toYamlText({ context: config.context, contexts: Object.fromEntries(contexts) });
}

function contextValue(context: ClientContext): YamlMap {
  const pem = (key: string, text: string | undefined): YamlMap => (text === undefined ? {} : { [key]: encodeBase64Pem(text) });
  return {
    endpoints: context.endpoints,
    ...(context.nodes.length === 0 ? {} : { nodes: context.nodes }),
    ...pem('ca', context.caPem),
    ...pem('crt', context.certPem),
    ...pem('key', context.keyPem),
    ...context.others,
  };
}

/**
 * Adds the contexts of another configuration; one whose name is taken gets `-1`, `-2`, … The context in use becomes the
 * other's, under the name that it got.
 */
export function mergeClientConfig(config: ClientConfig, other: ClientConfig): ClientConfig {
  const contexts = new Map(config.contexts);
  let context = config.context;
  for (const [name, value] of other.contexts) {
    const free = freeName(name, contexts);
    contexts.set(free, value);
    if (name === other.context) context = free;
  }
  return { context, contexts };
}

function freeName(name: string, taken: ReadonlyMap<string, ClientContext>): string {
  if (!taken.has(name)) return name;
  let i = 1;
  while (taken.has(`${name}-${i}`)) i += 1;
  return `${name}-${i}`;
}
