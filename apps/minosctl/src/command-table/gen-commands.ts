import { type Command, defineCommand } from '../cli/command.ts';
import { choice, defaultText, flag, list, number, repeated, requiredText, text } from '../cli/option.ts';

const FORCE = flag('replace files that are there');
const LINE = text('version', 'make what nodes of this line know, such as v1.13 (default: the newest)');

const CONFIG_OPTIONS = {
  output: defaultText('path', '.', 'folder to write to; for a single type also a file, or - for standard output', { short: 'o' }),
  'output-types': list('type,…', 'what to make: controlplane, worker, talosconfig (default: all)', { short: 't' }),
  'with-secrets': text('file', 'use these secrets (default: new ones)'),
  'talos-version': LINE,
  version: choice(['v1alpha1'], 'version of the form of the configuration; there is one'),
  'kubernetes-version': defaultText('version', '1.37.0-rc.0', 'version of Kubernetes that the nodes run'),
  'additional-sans': list('name,…', 'more names and addresses for the certificates of the APIs'),
  'dns-domain': defaultText('name', 'cluster.local', 'domain of services'),
  'install-disk': defaultText('path', '/dev/sda', 'disk to install to; empty: say nothing of it'),
  'install-image': defaultText('image', 'ghcr.io/siderolabs/installer:v1.14.0', 'image to install from'),
  'registry-mirror': repeated('host=url', 'mirror of an image registry'),
  'with-cluster-discovery': flag('let members find each other through a service', { initial: true }),
  'with-kubespan': flag('connect the nodes by a mesh of WireGuard links'),
  'with-docs': flag('explain keys in comments', { initial: true }),
  'with-examples': flag('end with more documents, as comments', { initial: true }),
  patch: repeated('patch', 'change to make to both machine configurations: YAML, or @file', { short: 'p' }),
  'config-patch': repeated('patch', 'the same as --patch'),
  'config-patch-control-plane': repeated('patch', 'change to make to controlplane.yaml only, after the others'),
  'config-patch-worker': repeated('patch', 'change to make to worker.yaml only, after the others'),
  force: FORCE,
} as const;

const CONFIG_WORDS = [
  { name: 'name', need: 'required' },
  { name: 'endpoint', need: 'required' },
] as const;

/** Commands that make secrets and configurations; no node is asked. */
export const GEN_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['gen', 'secrets'],
    summary: 'make the secrets of a new cluster, or take those of one that is there',
    options: {
      output: defaultText('file', 'secrets.yaml', 'where to write, readable by the owner only; - for standard output', {
        short: 'o',
      }),
      'talos-version': LINE,
      'from-controlplane-config': text('file', 'take them out of the configuration of a control plane'),
      'from-kubernetes-pki': text('dir', 'take the authorities of Kubernetes from its folder of certificates'),
      'kubernetes-bootstrap-token': text('token', 'the token with which nodes join Kubernetes (default: a new one)'),
      force: FORCE,
    },
    examples: ['minosctl gen secrets', 'minosctl gen secrets -o lab-secrets.yaml'],
    load: async () => (await import('../commands/gen-secrets.ts')).genSecrets,
  }),
  defineCommand({
    path: ['gen', 'config'],
    summary: 'make the configurations of a cluster: control plane, worker, client',
    positionals: CONFIG_WORDS,
    options: CONFIG_OPTIONS,
    examples: [
      'minosctl gen config lab https://10.5.0.2:6443',
      'minosctl gen config lab https://10.5.0.2:6443 --with-secrets secrets.yaml -o lab',
      'minosctl gen config lab https://10.5.0.2:6443 --talos-version v1.13 -t worker -o -',
    ],
    load: async () => (await import('../commands/gen-config.ts')).genConfig,
  }),
  defineCommand({
    path: ['gen', 'schema'],
    summary: 'print the JSON Schema of a machine configuration, for editors',
    options: {
      output: text('file', 'where to write (default: standard output)', { short: 'o' }),
      force: flag('replace a file that is there'),
    },
    examples: ['minosctl gen schema', 'minosctl gen schema -o machine.schema.json'],
    load: async () => (await import('../commands/gen-schema.ts')).genSchema,
  }),
  defineCommand({
    path: ['gen', 'ca'],
    summary: 'make an authority: <organization>.crt, .key and the fingerprint of its key, .sha256',
    options: {
      organization: requiredText('name', 'organization of its subject, and name of the files'),
      hours: number('count', 87_600, 'how long it lives'),
      rsa: flag('make an RSA key (default: Ed25519)'),
      force: FORCE,
    },
    examples: ['minosctl gen ca --organization lab'],
    load: async () => (await import('../commands/gen-ca.ts')).genCa,
  }),
  defineCommand({
    path: ['gen', 'key'],
    summary: 'make an Ed25519 key: <name>.key',
    options: { name: requiredText('name', 'name of the file, without .key'), force: FORCE },
    examples: ['minosctl gen key --name operator'],
    load: async () => (await import('../commands/gen-key.ts')).genKey,
  }),
  defineCommand({
    path: ['gen', 'csr'],
    summary: 'make a certificate request with a key, beside it: <name>.csr',
    options: {
      key: requiredText('file', 'the key'),
      ip: list('address,…', 'addresses to ask for'),
      roles: list('role,…', 'roles to ask for (default: os:admin)'),
      force: FORCE,
    },
    examples: ['minosctl gen csr --key operator.key --roles os:operator'],
    load: async () => (await import('../commands/gen-csr.ts')).genCsr,
  }),
  defineCommand({
    path: ['gen', 'crt'],
    summary: 'let an authority answer a request with the certificate of a client: <name>.crt',
    options: {
      ca: requiredText('name', 'the authority: path of its files, without .crt and .key'),
      csr: requiredText('file', 'the request'),
      name: requiredText('name', 'name of the file, without .crt'),
      hours: number('count', 24, 'how long it lives'),
      force: FORCE,
    },
    examples: ['minosctl gen crt --ca lab --csr operator.csr --name operator'],
    load: async () => (await import('../commands/gen-crt.ts')).genCrt,
  }),
  defineCommand({
    path: ['gen', 'keypair'],
    summary: 'make a key with a certificate that vouches for itself: <organization>.crt and .key',
    options: {
      organization: requiredText('name', 'organization of its subject, and name of the files'),
      ip: list('address,…', 'addresses of its holder'),
      force: FORCE,
    },
    examples: ['minosctl gen keypair --organization probe --ip 10.5.0.9'],
    load: async () => (await import('../commands/gen-keypair.ts')).genKeypair,
  }),
];

/** Commands about configurations in files; no node is asked. */
export const MACHINECONFIG_COMMANDS: readonly Command[] = [
  ...(['machineconfig', 'mc'] as const).map((group) =>
    defineCommand({
      path: [group, 'patch'],
      summary: 'apply patches to a configuration in a file',
      positionals: [{ name: 'file', need: 'required' }],
      options: {
        patch: repeated('patch', 'change to make: YAML, or @file', { short: 'p' }),
        output: defaultText('file', '-', 'where to write (default: standard output)', { short: 'o' }),
        force: FORCE,
      },
      examples: [`minosctl ${group} patch worker.yaml -p @patch.yaml`],
      isHidden: group === 'mc',
      load: async () => (await import('../commands/machineconfig-patch.ts')).machineconfigPatch,
    }),
  ),
  ...(['machineconfig', 'mc'] as const).map((group) =>
    defineCommand({
      path: [group, 'gen'],
      summary: 'the same as gen config',
      positionals: CONFIG_WORDS,
      options: CONFIG_OPTIONS,
      examples: [`minosctl ${group} gen lab https://10.5.0.2:6443 -o ${group}-lab`],
      isHidden: group === 'mc',
      load: async () => (await import('../commands/gen-config.ts')).genConfig,
    }),
  ),
  defineCommand({
    path: ['validate'],
    summary: 'say whether a configuration in a file is right for where it is to run',
    options: {
      config: requiredText('file', 'the configuration', { short: 'c' }),
      mode: requiredText('mode', 'metal, cloud, container or metal-agent', { short: 'm' }),
      strict: flag('take warnings as errors'),
    },
    examples: ['minosctl validate -c worker.yaml -m metal'],
    load: async () => (await import('../commands/validate.ts')).validate,
  }),
];
