import { join } from 'node:path';
import { Fault } from '@minos/base';
import { type ClusterIdentity, type ClusterSubnet, clusterSubnet } from './cluster-options.ts';

/** One node to be. */
export interface NodePlan {
  readonly name: string;
  readonly type: 'controlplane' | 'worker';
  readonly address: string;
  /** The host's end of its link: a veth, or the tap of a machine. */
  readonly veth: string;
  readonly cgroup: string;
  readonly files: NodeFiles;
}

/** Where a node's files are. */
export interface NodeFiles {
  readonly dir: string;
  /** Its STATE; the machine configuration is in it. */
  readonly state: string;
  readonly config: string;
  /** Its EPHEMERAL. */
  readonly ephemeral: string;
  /** What PID 1 and the holder say, or the serial console of a machine. */
  readonly log: string;
  /** Of its holder, or of its QEMU. */
  readonly pidfile: string;
  /** Written by the holder. */
  readonly status: string;
}

/** What the nodes are when they are machines in QEMU. */
export interface MachinePlan {
  readonly memoryMib: number;
  readonly cpus: number;
  readonly accel: 'auto' | 'tcg' | 'kvm';
  /** Folder of the checkout, whose tools make and start machines. */
  readonly checkout: string;
}

/** Everything that `up` is to make; decided before anything is made. */
export interface ClusterPlan extends ClusterIdentity {
  readonly subnet: ClusterSubnet;
  /** Of the host, on the bridge. */
  readonly gateway: string;
  readonly endpoint: string;
  readonly image: string;
  readonly imageMount: string;
  readonly holder: string;
  /** Undefined when the nodes are containers. */
  readonly machine: MachinePlan | undefined;
  readonly secrets: string;
  readonly record: string;
  readonly nodes: readonly NodePlan[];
}

const MAX_WORKERS = 100;

/** Plans a cluster of one control plane and some workers: names, addresses, files. Throws `invalid`. Pure. */
export function planCluster(
  identity: ClusterIdentity,
  options: {
    readonly subnet: string;
    readonly workers: number;
    readonly image: string;
    readonly holder: string;
    readonly machine?: MachinePlan;
  },
): ClusterPlan {
  const { workers } = options;
  if (workers < 0 || workers > MAX_WORKERS) {
    throw new Fault('invalid', `--workers takes 0 to ${MAX_WORKERS}, not ${workers}`);
  }
  const subnet = clusterSubnet(options.subnet, workers + 1);
  const names = ['cp-1', ...Array.from({ length: workers }, (_, i) => `worker-${i + 1}`)];
  return {
    ...identity,
    subnet,
    gateway: subnet.address(1),
    endpoint: subnet.address(2),
    image: options.image,
    imageMount: join(identity.dir, 'image'),
    holder: options.holder,
    machine: options.machine,
    secrets: join(identity.dir, 'secrets.yaml'),
    record: join(identity.dir, 'cluster.json'),
    nodes: names.map((name, i) => planNode(identity, `${identity.name}-${name}`, { index: i, address: subnet.address(2 + i) })),
  };
}

/** Where the files of a node are; pure. */
export function nodeFiles(dir: string, name: string): NodeFiles {
  const own = join(dir, 'nodes', name);
  return {
    dir: own,
    state: join(own, 'state'),
    config: join(own, 'state/config.yaml'),
    ephemeral: join(own, 'ephemeral'),
    log: join(own, 'console.log'),
    pidfile: join(own, 'holder.pid'),
    status: join(own, 'holder.json'),
  };
}

function planNode(
  identity: ClusterIdentity,
  name: string,
  place: { readonly index: number; readonly address: string },
): NodePlan {
  return {
    name,
    type: place.index === 0 ? 'controlplane' : 'worker',
    address: place.address,
    veth: `${identity.vethPrefix}${place.index + 1}`,
    cgroup: `${identity.cgroup}/${name}`,
    files: nodeFiles(identity.dir, name),
  };
}
