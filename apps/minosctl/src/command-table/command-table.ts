import { type Command, defineCommand } from '../cli/command.ts';
import type { CommandTable } from '../cli/run-cli.ts';
import { CLUSTER_COMMANDS } from './cluster-commands.ts';
import { CONFIG_COMMANDS } from './config-commands.ts';
import { GEN_COMMANDS, MACHINECONFIG_COMMANDS } from './gen-commands.ts';
import { LOOK_COMMANDS } from './look-commands.ts';
import { FILE_COMMANDS, NODE_COMMANDS } from './node-commands.ts';

const OWN_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['completion'],
    summary: 'print the completion script of a shell',
    positionals: [{ name: 'shell', need: 'required', choices: ['bash', 'zsh', 'fish'] }],
    options: {},
    examples: ['source <(minosctl completion bash)', 'source <(minosctl completion zsh)', 'minosctl completion fish | source'],
    load: async () => (await import('../commands/completion.ts')).completion,
  }),
  defineCommand({
    path: ['__complete'],
    summary: 'print what may stand at the end of a command line',
    positionals: [{ name: 'word', need: 'many' }],
    options: {},
    examples: ['minosctl __complete -- cluster u'],
    isHidden: true,
    load: async () => (await import('../commands/complete.ts')).complete(COMMAND_TABLE.commands),
  }),
];

/** All that minosctl can do. */
export const COMMAND_TABLE: CommandTable = {
  commands: [
    ...CLUSTER_COMMANDS,
    ...NODE_COMMANDS,
    ...LOOK_COMMANDS,
    ...FILE_COMMANDS,
    ...GEN_COMMANDS,
    ...MACHINECONFIG_COMMANDS,
    ...CONFIG_COMMANDS,
    ...OWN_COMMANDS,
  ],
  groups: {
    cluster: 'Runs a cluster of nodes on this machine.',
    inspect: 'Looks at how a node works inside.',
    meta: 'Keeps small values on nodes, by number.',
    machineconfig: 'Works on configurations in files; no node is asked.',
    mc: 'The same as machineconfig.',
    gen: 'Makes secrets and configurations; no node is asked.',
    config: 'Shows and changes the client configuration.',
  },
};
