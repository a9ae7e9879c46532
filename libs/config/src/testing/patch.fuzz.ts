import { isDeepStrictEqual } from 'node:util';
import { formatProblems } from '@minos/base';
import { type FuzzRandom, fuzzTarget } from '@minos/testkit';
import { patchConfig } from '../patch/patch-config.ts';
import { readDocuments } from '../read-documents.ts';
import { parseYamlDocument, toYamlText } from '../yaml-text.ts';
import { isYamlList, isYamlMap, type YamlValue } from '../yaml-value.ts';
import { CANARY, NEWER_WORKER, OLDER_WORKER, shapeText } from './fuzz-corpus.ts';
import { mutateYaml } from './mutate-yaml.ts';

/** Between the configuration, its patch, and what kind of patch it is. */
const CUT = '\n=====\n';

const PATCHES = [
  'machine:\n    network:\n        interfaces:\n            - interface: eth0\n              mtu: 9000\n            - interface: eth5\n',
  'machine:\n    certSANs: [b.example]\n    sysctls: { a: "1", net.ipv4.ip_forward: "0" }\n',
  'machine:\n    network:\n        $patch: delete\n',
  'machine:\n    network:\n        interfaces:\n            - interface: eth0\n              $patch: delete\n',
  'cluster:\n    network:\n        podSubnets: [10.0.0.0/8]\n    clusterName: other\n',
  'apiVersion: v1alpha1\nkind: LinkConfig\nname: eth0\nmtu: 9000\n---\napiVersion: v1alpha1\nkind: HostnameConfig\n$patch: delete\n',
  'apiVersion: v1alpha1\nkind: LinkConfig\nname: eth1\naddresses: [{ address: 10.6.0.1/24 }]\n',
];
const POINTERS = [
  ...['', '/', '/machine', '/machine/type', '/machine/certSANs/0', '/machine/certSANs/-', '/machine/network/interfaces/0/mtu'],
  ...[
    '/machine/network',
    '/machine/sysctls/net.ipv4.ip_forward',
    '/machine/nodeLabels/a~1b',
    '/cluster',
    '/cluster/x/y',
    'machine',
  ],
  ...['/machine/certSANs/01', '/machine/certSANs/9', '/__proto__/a', '/constructor', '/machine/network/interfaces/-1'],
];
const VALUES: readonly YamlValue[] = ['x', '', 0, -1, 1.5, true, null, [], {}, ['a', { b: 1 }], { a: { b: ['c'] } }, 1e21];

function operations(random: FuzzRandom): string {
  const list = Array.from({ length: 1 + random.below(4) }, () => ({
    op: random.pick(['add', 'remove', 'replace', 'move', 'copy', 'test', 'wish']),
    path: random.pick(POINTERS),
    ...(random.oneIn(4) ? {} : { value: random.pick(VALUES) }),
    ...(random.oneIn(2) ? {} : { from: random.pick(POINTERS) }),
  }));
  return JSON.stringify(list);
}

/** Whether a patch says only what something is to be: then applying it again changes nothing. */
function isPlain(value: YamlValue): boolean {
  if (isYamlList(value)) return false;
  return !isYamlMap(value) || Object.entries(value).every(([key, inner]) => key !== '$patch' && isPlain(inner));
}

function valuesOf(text: string): unknown {
  return readDocuments(text, { isPatch: true }).documents.map(({ kind, name, value }) => ({ kind, name, value }));
}

function checkAgain(config: string, patch: string): void {
  const parts = patch.split(/^---$/m).map(parseYamlDocument);
  if (!parts.every((part) => part.ok && isPlain(part.value))) return;
  const again = patchConfig(config, [patch]);
  if (!again.ok) throw new Error(`it cannot be applied twice: ${formatProblems(again.problems)}`);
  if (!isDeepStrictEqual(valuesOf(again.value), valuesOf(config))) throw new Error(`applied twice, it differs:\n${again.value}`);
}

/** Any patch fits or is refused with problems; what it makes is well-formed; a patch without lists changes nothing when it is applied again. */
export const target = fuzzTarget<string>({
  generate: (random) => {
    if (random.oneIn(3)) return OLDER_WORKER + CUT + operations(random);
    const config = random.pick([OLDER_WORKER, NEWER_WORKER]);
    const patch = random.oneIn(3) ? shapeText(random) : random.pick(PATCHES);
    return config + CUT + (random.oneIn(4) ? patch : mutateYaml(patch, random));
  },
  check: (input) => {
    const [config = '', patch = ''] = input.split(CUT);
    const result = patchConfig(config, [patch]);
    if (!result.ok) {
      const stray = result.problems.find((p) => !p.path.startsWith('patch 1: '));
      if (result.problems.length === 0 || stray !== undefined)
        throw new Error(`refused, but not by the patch: ${JSON.stringify(stray)}`);
      if (formatProblems(result.problems).includes(CANARY)) throw new Error('a secret is in the problems');
      return;
    }
    const isOperations = /^\s*(\[|-\s)/.test(patch);
    const { problems } = readDocuments(result.value, { isPatch: true });
    const broken = problems.find((p) => p.expected === 'well-formed YAML' || p.found?.includes('unknown one') === true);
    if (broken !== undefined && !isOperations)
      throw new Error(`what came out is broken: ${JSON.stringify(broken)}\n${result.value}`);
    if (isOperations) {
      const value = parseYamlDocument(result.value);
      if (!value.ok || toYamlText(value.value) !== result.value)
        throw new Error(`what came out does not read the same:\n${result.value}`);
    } else checkAgain(result.value, patch);
  },
});
