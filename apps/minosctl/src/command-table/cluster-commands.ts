import { type Command, defineCommand } from '../cli/command.ts';
import { choice, defaultText, number, text } from '../cli/option.ts';

const WHICH = {
  name: defaultText('name', 'minos', 'name of the cluster; also in the names of its nodes'),
  'state-dir': text('dir', 'folder of the cluster (default: .minos/cluster in the checkout)'),
} as const;
const SUBNET = defaultText('cidr', '10.5.0.0/24', 'network of the nodes; the host gets its first address');

const NODES = {
  workers: number('count', 2, 'how many workers; there is one control plane'),
  image: text('file', 'root of the nodes (default: dist/image/rootfs.sqsh; of machines: dist/vm/rootfs.img)'),
  holder: text('file', 'program that holds a container (default: dist/holder/minos-holder)'),
} as const;
const DOWN = async () => (await import('../commands/cluster-down.ts')).down;

/** Commands about a cluster on this machine. */
export const CLUSTER_COMMANDS: readonly Command[] = [
  defineCommand({
    path: ['cluster', 'up'],
    summary: 'start a cluster on this machine and wait until it is ready',
    details: 'Needs root. Each node has its own PID 1, network and read-only root; the host keeps a bridge to them.',
    options: {
      ...WHICH,
      subnet: SUBNET,
      ...NODES,
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
    load: DOWN,
  }),
  defineCommand({
    path: ['cluster', 'create'],
    summary: 'start a cluster of containers or of virtual machines on this machine and wait until it is ready',
    details:
      'Needs root. A machine in QEMU boots the sealed image with a kernel of its own, on the bridge of the cluster and with no way out of it; one starts after the other.',
    options: {
      ...WHICH,
      provisioner: choice(['container', 'qemu'], 'what holds the nodes'),
      subnet: SUBNET,
      controlplanes: number('count', 1, 'how many control planes; more than one is not there yet'),
      ...NODES,
      memory: number('MiB', 512, 'memory of a machine'),
      cpus: number('count', 2, 'processors of a machine'),
      accel: choice(['auto', 'tcg', 'kvm'], 'how QEMU runs a machine: emulated, by KVM, or by KVM where it works'),
      timeout: number('seconds', 600, 'how long to wait'),
    },
    examples: [
      'minosctl cluster create --provisioner qemu --workers 2',
      'minosctl cluster create --provisioner qemu --memory 256 --cpus 1',
    ],
    load: async () => (await import('../commands/cluster-create.ts')).create,
  }),
  defineCommand({
    path: ['cluster', 'destroy'],
    summary: 'end a cluster of this machine, whatever holds its nodes, and remove all that it made',
    options: { ...WHICH, subnet: SUBNET },
    examples: ['minosctl cluster destroy', 'minosctl cluster destroy --name lab'],
    load: DOWN,
  }),
  defineCommand({
    path: ['cluster', 'show'],
    summary: 'show the nodes of a cluster of this machine',
    options: { ...WHICH, subnet: SUBNET },
    examples: ['minosctl cluster show', 'minosctl cluster show -o json'],
    load: async () => (await import('../commands/cluster-show.ts')).show,
  }),
];
