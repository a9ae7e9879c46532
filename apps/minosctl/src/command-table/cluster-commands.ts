import { type Command, defineCommand } from '../cli/command.ts';
import { defaultText, number, text } from '../cli/option.ts';

const WHICH = {
  name: defaultText('name', 'minos', 'name of the cluster; also in the names of its nodes'),
  'state-dir': text('dir', 'folder of the cluster (default: .minos/cluster in the checkout)'),
} as const;
const SUBNET = defaultText('cidr', '10.5.0.0/24', 'network of the nodes; the host gets its first address');

/** Commands about a cluster on this machine. */
export const CLUSTER_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['cluster', 'up'],
    summary: 'start a cluster on this machine and wait until it is ready',
    details: 'Needs root. Each node has its own PID 1, network and read-only root; the host keeps a bridge to them.',
    options: {
      ...WHICH,
      subnet: SUBNET,
      workers: number('count', 2, 'how many workers; there is one control plane'),
      image: text('file', 'root of the nodes (default: dist/image/rootfs.sqsh)'),
      holder: text('file', 'program that holds a node (default: dist/holder/minos-holder)'),
      timeout: number('seconds', 120, 'how long to wait'),
    },
    examples: ['minosctl cluster up', 'minosctl cluster up --workers 5', 'minosctl cluster up --name lab --subnet 10.6.0.0/24'],
    load: async () => (await import('../commands/cluster-up.ts')).up,
  }),
  defineCommand({
    path: ['cluster', 'down'],
    summary: 'end a cluster of this machine and remove all that it made',
    options: { ...WHICH, subnet: SUBNET },
    examples: ['minosctl cluster down', 'minosctl cluster down --name lab'],
    load: async () => (await import('../commands/cluster-down.ts')).down,
  }),
  defineCommand({
    path: ['cluster', 'show'],
    summary: 'show the nodes of a cluster of this machine',
    options: { ...WHICH, subnet: SUBNET },
    examples: ['minosctl cluster show', 'minosctl cluster show -o json'],
    load: async () => (await import('../commands/cluster-show.ts')).show,
  }),
];
