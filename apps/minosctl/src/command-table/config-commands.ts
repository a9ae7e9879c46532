import { type Command, defineCommand } from '../cli/command.ts';
import { defaultText, flag, list, repeated, text } from '../cli/option.ts';

/** Commands that make secrets and configurations; no node is asked. */
export const GEN_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['gen', 'secrets'],
    summary: 'make the secrets of a new cluster',
    options: {
      output: defaultText('file', 'secrets.yaml', 'where to write; readable by the owner only', { short: 'o' }),
      force: flag('replace a file that is there'),
    },
    examples: ['minosctl gen secrets', 'minosctl gen secrets -o lab-secrets.yaml'],
    load: async () => (await import('../commands/gen-secrets.ts')).genSecrets,
  }),
  defineCommand({
    path: ['gen', 'config'],
    summary: 'make the configurations of a cluster: control plane, worker, client',
    positionals: [
      { name: 'name', need: 'required' },
      { name: 'endpoint', need: 'required' },
    ],
    options: {
      output: defaultText('dir', '.', 'where to write controlplane.yaml, worker.yaml and talosconfig', { short: 'o' }),
      'with-secrets': text('file', 'use these secrets (default: new ones)'),
      'additional-sans': list('name,…', 'more names and addresses for the certificates of the API'),
      patch: repeated('patch', 'change to make to both machine configurations: YAML, or @file', { short: 'p' }),
      'config-patch': repeated('patch', 'the same as --patch'),
      'config-patch-control-plane': repeated('patch', 'change to make to controlplane.yaml only, after the others'),
      'config-patch-worker': repeated('patch', 'change to make to worker.yaml only, after the others'),
      force: flag('replace files that are there'),
    },
    examples: [
      'minosctl gen config lab https://10.5.0.2:6443',
      'minosctl gen config lab https://10.5.0.2:6443 --with-secrets secrets.yaml -o lab',
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
];

/** Commands about the client configuration. */
export const CONFIG_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['config', 'info'],
    summary: 'show the context in use: endpoints, nodes, roles, validity',
    options: {},
    examples: ['minosctl config info', 'minosctl config info -o json'],
    load: async () => (await import('../commands/config-info.ts')).configInfo,
  }),
  defineCommand({
    path: ['config', 'contexts'],
    summary: 'list the contexts',
    options: {},
    examples: ['minosctl config contexts'],
    load: async () => (await import('../commands/config-contexts.ts')).configContexts,
  }),
  defineCommand({
    path: ['config', 'context'],
    summary: 'choose the context in use',
    positionals: [{ name: 'name', need: 'required' }],
    options: {},
    examples: ['minosctl config context minos'],
    load: async () => (await import('../commands/config-context.ts')).configContext,
  }),
  defineCommand({
    path: ['config', 'endpoints'],
    aliases: ['endpoint'],
    summary: 'set the endpoints of the context; without any, remove them',
    positionals: [{ name: 'endpoint', need: 'many' }],
    options: {},
    examples: ['minosctl config endpoints 10.5.0.2'],
    load: async () => (await import('../commands/config-endpoints.ts')).configEndpoints,
  }),
  defineCommand({
    path: ['config', 'nodes'],
    summary: 'set the nodes of the context; without any, remove them',
    positionals: [{ name: 'node', need: 'many' }],
    options: {},
    examples: ['minosctl config nodes 10.5.0.2 10.5.0.3 10.5.0.4'],
    load: async () => (await import('../commands/config-nodes.ts')).configNodes,
  }),
  defineCommand({
    path: ['config', 'merge'],
    summary: 'take in the contexts of another client configuration',
    details: 'A context whose name is taken gets a number behind its name.',
    positionals: [{ name: 'file', need: 'required' }],
    options: {},
    examples: ['minosctl config merge ./talosconfig'],
    load: async () => (await import('../commands/config-merge.ts')).configMerge,
  }),
  defineCommand({
    path: ['config', 'new'],
    summary: 'let a control plane make a client configuration with other roles',
    positionals: [{ name: 'file', need: 'optional' }],
    options: {
      roles: list('role,…', 'what the client may do (default: os:admin)'),
      'crt-ttl': defaultText('time', '8760h', 'how long its certificate lives'),
      force: flag('replace a file that is there'),
    },
    examples: ['minosctl -n 10.5.0.2 config new reader.yaml --roles os:reader --crt-ttl 24h'],
    load: async () => (await import('../commands/config-new.ts')).configNew,
  }),
];
