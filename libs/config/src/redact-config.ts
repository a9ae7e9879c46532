import { isAlias, isMap, isScalar, isSeq, type Node, parseAllDocuments, type Scalar } from 'yaml';
import { scalarText } from './shape/check-shape.ts';

/** Keys whose values are secrets, wherever they stand. */
const SECRET_KEYS: ReadonlySet<string> = new Set([
  'aescbcEncryptionSecret',
  'aescbcencryptionsecret',
  'apiToken',
  'auth',
  'bootstraptoken',
  'clusterSecret',
  'content',
  'identityToken',
  'key',
  'passphrase',
  'password',
  'presharedKey',
  'privateKey',
  'secret',
  'secretboxEncryptionSecret',
  'secretboxencryptionsecret',
  'token',
  'uniqueToken',
]);

/** Names that people give to secrets of their own, as in environments. */
const SECRET_NAME = /passw(or)?d|passphrase|secret|token|credential|api_?key|private_?key/i;
/** A URL with a password in it. */
const URL_PASSWORD = /^[a-z][a-z0-9+.-]*:\/\/[^/?#@:]*:[^/?#@]+@/i;

interface Hidden {
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

/** Gives the same mark to the same secret, so that a change can be seen without the secrets. */
export class SecretMarks {
  readonly #marks = new Map<string, string>();

  markOf(secret: string): string {
    const known = this.#marks.get(secret);
    if (known !== undefined) return known;
    const mark = `'[redacted ${this.#marks.size + 1}]'`;
    this.#marks.set(secret, mark);
    return mark;
  }
}

/** The same text with every secret replaced by a mark. A text that is not YAML becomes one line that says so. */
export function redactConfig(text: string, marks: SecretMarks = new SecretMarks()): string {
  const documents = parseAllDocuments(text, { prettyErrors: false, logLevel: 'silent' });
  if ('empty' in documents) return text;
  if (documents.some((d) => d.errors.length > 0)) return '[unreadable configuration]\n';
  const hidden: Hidden[] = [];
  for (const document of documents) collect(document.contents, false, { text, marks, hidden });
  let out = text;
  for (const { from, to, text: mark } of hidden.sort((a, b) => b.from - a.from)) out = out.slice(0, from) + mark + out.slice(to);
  return out;
}

interface Collector {
  readonly text: string;
  readonly marks: SecretMarks;
  readonly hidden: Hidden[];
}

function collect(node: unknown, isSecret: boolean, into: Collector): void {
  if (isMap(node)) {
    for (const { key, value } of node.items) {
      collect(value, isSecret || (isScalar(key) && isSecretKey(scalarText(key))), into);
    }
  } else if (isSeq(node)) for (const item of node.items) collect(item, isSecret, into);
  else if (isScalar(node) && (isSecret || URL_PASSWORD.test(scalarText(node)))) hide(node, into);
  else if (isAlias(node) && isSecret) hideRange(node, node.source, into);
}

function isSecretKey(key: string): boolean {
  return SECRET_KEYS.has(key) || SECRET_NAME.test(key);
}

function hide(node: Scalar, into: Collector): void {
  const secret = scalarText(node);
  if (secret !== '') hideRange(node, secret, into);
}

/** Block scalars end with their newline, which stays. */
function hideRange(node: Node, secret: string, { text, marks, hidden }: Collector): void {
  const [from, to] = node.range ?? [0, 0];
  const written = text.slice(from, to);
  const end = written.endsWith('\n') ? to - 1 : to;
  hidden.push({ from, to: end, text: marks.markOf(secret) });
}
