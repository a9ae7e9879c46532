import { type Parsed, type Problem, parsed, parseIp, parseIpPrefix } from '@minos/base';
import { isYamlMap, listAt, parseYamlDocument, textAt, textsAt, valueAt, type YamlValue } from '@minos/config';
import { type Fixture as MachineFixture, parseFixture as parseMachineFixture } from '@minos/host/simulated';

/** A link that a simulated node wants. */
export interface WantedLink {
  readonly name: string;
  readonly mtu: number;
  readonly addresses: readonly string[];
  readonly routes: readonly { readonly destination: string; readonly gateway: string; readonly metric: number }[];
}

/** A simulated machine, and the network that is wanted on it. */
export interface Fixture {
  readonly machine: MachineFixture;
  readonly links: readonly WantedLink[];
  readonly hostname: string;
  readonly resolvers: readonly string[];
}

const KEYS: Readonly<Record<string, readonly string[]>> = {
  fixture: ['machine', 'wanted'],
  wanted: ['links', 'hostname', 'resolvers'],
  link: ['name', 'mtu', 'addresses', 'routes'],
  route: ['destination', 'gateway', 'metric'],
};

/** Reads a fixture; every problem with its path. */
export function parseFixture(text: string): Parsed<Fixture> {
  const document = parseYamlDocument(text);
  if (!document.ok) return document;
  const root = document.value;
  const problems: Problem[] = [];
  checkKeys(root, 'fixture', { path: '', problems });
  const machine = parseMachineFixture(valueAt(root, 'machine') ?? {}, 'machine');
  if (!machine.ok) problems.push(...machine.problems);
  const wanted = valueAt(root, 'wanted');
  checkKeys(wanted, 'wanted', { path: 'wanted', problems });
  const links = listAt(wanted, 'links').map((link, i) => readLink(link, `wanted.links[${i}]`, problems));
  const resolvers = textsAt(wanted, 'resolvers');
  resolvers.forEach((address, i) => {
    if (parseIp(address) === undefined) problems.push({ path: `wanted.resolvers[${i}]`, expected: 'an IP address' });
  });
  if (problems.length > 0 || !machine.ok) return { ok: false, problems };
  return parsed({ machine: machine.value, links, hostname: textAt(wanted, 'hostname') ?? '', resolvers });
}

interface Place {
  readonly path: string;
  readonly problems: Problem[];
}

function checkKeys(value: YamlValue | undefined, kind: string, { path, problems }: Place): void {
  const known = KEYS[kind] ?? [];
  for (const key of isYamlMap(value) ? Object.keys(value) : []) {
    if (!known.includes(key))
      problems.push({ path: path === '' ? key : `${path}.${key}`, expected: `one of ${known.join(', ')}` });
  }
}

function readLink(value: YamlValue, path: string, problems: Problem[]): WantedLink {
  checkKeys(value, 'link', { path, problems });
  const name = textAt(value, 'name') ?? '';
  if (name === '') problems.push({ path: `${path}.name`, expected: 'the name of a link' });
  const addresses = textsAt(value, 'addresses');
  addresses.forEach((address, i) => {
    if (parseIpPrefix(address) === undefined)
      problems.push({ path: `${path}.addresses[${i}]`, expected: 'an address with a prefix length' });
  });
  const routes = listAt(value, 'routes').map((route, i) => readRoute(route, `${path}.routes[${i}]`, problems));
  return { name, mtu: numberAt(value, 'mtu', { path, problems }), addresses, routes };
}

function readRoute(value: YamlValue, path: string, problems: Problem[]): WantedLink['routes'][number] {
  checkKeys(value, 'route', { path, problems });
  const destination = textAt(value, 'destination') ?? '';
  const gateway = textAt(value, 'gateway') ?? '';
  if (destination !== '' && parseIpPrefix(destination) === undefined)
    problems.push({ path: `${path}.destination`, expected: 'a prefix' });
  if (gateway !== '' && parseIp(gateway) === undefined) problems.push({ path: `${path}.gateway`, expected: 'an IP address' });
  if (gateway === '' && destination === '') problems.push({ path, expected: 'a route with a gateway or a destination' });
  return { destination, gateway, metric: numberAt(value, 'metric', { path, problems }) };
}

function numberAt(value: YamlValue, key: string, { path, problems }: Place): number {
  const found = valueAt(value, key) ?? 0;
  if (typeof found === 'number' && Number.isInteger(found) && found >= 0) return found;
  problems.push({ path: `${path}.${key}`, expected: 'a whole number' });
  return 0;
}
