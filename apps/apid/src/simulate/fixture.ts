import { Fault, formatProblems, type Parsed, type Problem, parsed } from '@minos/base';
import { isYamlMap, parseYamlDocument, textAt, textsAt } from '@minos/config';

/** A node for apid alone. */
export interface Fixture {
  /** Where to listen, `host:port`. */
  readonly listen: string;
  /** Addresses of the node; they stand in its certificate. */
  readonly addresses: readonly string[];
  readonly hostname: string;
  readonly domain: string;
  /** Version that the machined of the simulation tells. */
  readonly version: string;
  /** Socket of a machined that is there already; without it, a small one is part of the simulation. */
  readonly machine: string | undefined;
}

const KEYS: ReadonlySet<string> = new Set(['listen', 'addresses', 'hostname', 'domain', 'version', 'machine']);

/** Reads a fixture; what it leaves out has a default. */
export function parseFixture(text: string): Parsed<Fixture> {
  const document = parseYamlDocument(text);
  if (!document.ok) return document;
  const root = document.value;
  if (!isYamlMap(root)) return { ok: false, problems: [{ path: '', expected: 'a mapping' }] };
  const problems: Problem[] = Object.keys(root)
    .filter((key) => !KEYS.has(key))
    .map((key) => ({ path: key, expected: `one of ${[...KEYS].join(', ')}` }));
  if (problems.length > 0) return { ok: false, problems };
  const addresses = textsAt(root, 'addresses');
  return parsed({
    listen: textAt(root, 'listen') ?? '127.0.0.1:50000',
    addresses: addresses.length > 0 ? addresses : ['127.0.0.1'],
    hostname: textAt(root, 'hostname') ?? 'sim-1',
    domain: textAt(root, 'domain') ?? '',
    version: textAt(root, 'version') ?? 'v1.14.0+minos.0.1.0',
    machine: textAt(root, 'machine'),
  });
}

/** As `parseFixture`; throws a Fault `invalid` with every problem. */
export function readFixture(text: string): Fixture {
  const fixture = parseFixture(text);
  if (!fixture.ok) throw new Fault('invalid', `fixture is wrong\n${formatProblems(fixture.problems)}`);
  return fixture.value;
}
