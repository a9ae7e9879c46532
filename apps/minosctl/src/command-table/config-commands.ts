import { type Command, defineCommand } from '../cli/command.ts';
import { defaultText, flag, list } from '../cli/option.ts';

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
