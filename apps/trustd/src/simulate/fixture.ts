import { isIP } from 'node:net';
import { type Parsed, type Problem, parsed } from '@minos/base';
import { isYamlMap, parseYamlDocument, textAt, textsAt } from '@minos/config';

/** What a simulated control plane is like. */
export interface Fixture {
  /** Token that joining nodes must show. */
  readonly token: string;
  readonly hostname: string;
  /** Addresses that trustd's own certificate is for. */
  readonly addresses: readonly string[];
}

const KEYS: ReadonlySet<string> = new Set(['token', 'hostname', 'addresses']);

/** Reads a fixture; every problem with its path. */
export function parseFixture(text: string): Parsed<Fixture> {
  const document = parseYamlDocument(text);
  if (!document.ok) return document;
  const root = document.value;
  const problems: Problem[] = [];
  for (const key of isYamlMap(root) ? Object.keys(root) : []) {
    if (!KEYS.has(key)) problems.push({ path: key, expected: `one of ${[...KEYS].join(', ')}` });
  }
  const token = textAt(root, 'token') ?? '';
  if (token === '') problems.push({ path: 'token', expected: 'the token that nodes must show' });
  const addresses = textsAt(root, 'addresses');
  addresses.forEach((address, i) => {
    if (isIP(address) === 0) problems.push({ path: `addresses[${i}]`, expected: 'an IP address' });
  });
  if (problems.length > 0) return { ok: false, problems };
  return parsed({ token, hostname: textAt(root, 'hostname') ?? 'minos-cp-1', addresses });
}
