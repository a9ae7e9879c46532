/** What stands behind a key as a comment: by the kind of the document (empty for the one without) and the path in it. */
const DOCS: Readonly<Record<string, string>> = {
  version: 'The version of this format.',
  debug: 'Log more than usual.',
  persist: 'Keep this configuration across reboots; must be true.',
  machine: 'What this node is.',
  'machine.type': 'controlplane or worker.',
  'machine.token': 'What a node shows in order to join.',
  'machine.ca': 'The authority that issues the certificates of the node API; only a control plane has its key.',
  'machine.certSANs': 'More names and addresses for the certificate of the node API.',
  'machine.kubelet': 'The agent of Kubernetes on this node.',
  'machine.network': 'Links, addresses and names.',
  'machine.install': 'Where and from which image the node is installed.',
  'machine.install.disk': 'The disk; what is on it is lost.',
  'machine.install.wipe': 'Overwrite the whole disk before.',
  'machine.registries': 'Mirrors and credentials of image registries.',
  'machine.features': 'What may be turned on or off.',
  'cluster.id': 'Tells clusters apart; no secret.',
  'cluster.secret': 'Shared by the members of the cluster.',
  cluster: 'What all nodes of the cluster have in common.',
  'cluster.controlPlane.endpoint': 'Where the API of Kubernetes is reached.',
  'cluster.clusterName': 'The name of the cluster.',
  'cluster.network.dnsDomain': 'The domain of services.',
  'cluster.network.podSubnets': 'Addresses of pods.',
  'cluster.network.serviceSubnets': 'Addresses of services.',
  'cluster.token': 'What the kubelet shows in order to join.',
  'cluster.etcd': 'The store of Kubernetes.',
  'cluster.discovery': 'How members find each other.',
  'DiscoveryServiceConfig.endpoint': 'A service through which members find each other.',
  'DiscoveryIdentityConfig.clusterID': 'Tells clusters apart; no secret.',
  'DiscoveryIdentityConfig.clusterSecret': 'Shared by the members of the cluster.',
  'UnattendedInstallConfig.provisioning.diskSelector.match': 'The disk; what is on it is lost.',
  'ResolverConfig.hostDNS.enabled': 'Keep a cache of names on the node.',
  'VolumeConfig.provisioning.minSize': 'Do not begin with less.',
  'FilesystemTrimConfig.interval': 'How often unused blocks are told to the disk.',
  'HostnameConfig.auto': 'stable: made from the identity of the node; off: as hostname says.',
  'KubeClusterConfig.endpoint': 'Where the API of Kubernetes is reached.',
  'KubeNetworkConfig.dnsDomain': 'The domain of services.',
  'KubeNetworkConfig.podSubnets': 'Addresses of pods.',
  'KubeNetworkConfig.serviceSubnets': 'Addresses of services.',
  'KubePrismConfig.port': 'Where each node balances calls to the API of Kubernetes, on its loopback address.',
};

/** Documents that one may want to add, each as comments. */
const EXAMPLES = [
  ['A name and an address of its own:', 'apiVersion: v1alpha1', 'kind: HostnameConfig', 'auto: off', 'hostname: node-1'],
  [
    ...[
      'A link with a fixed address and a route:',
      'apiVersion: v1alpha1',
      'kind: LinkConfig',
      'name: eth0',
      'mtu: 1500',
      'addresses:',
    ],
    ...['    - address: 192.0.2.10/24', 'routes:', '    - gateway: 192.0.2.1'],
  ],
  [
    ...['Servers that are asked for names:', 'apiVersion: v1alpha1', 'kind: ResolverConfig', 'nameservers:'],
    '    - address: 192.0.2.53',
  ],
  ['A parameter of the kernel:', 'apiVersion: v1alpha1', 'kind: SysctlConfig', 'params:', '    net.ipv4.ip_forward: "1"'],
] as const;

/** What a text that was generated is to be explained with. */
export interface CommentOptions {
  readonly hasDocs: boolean;
  readonly hasExamples: boolean;
}

/** Adds comments to a stream of documents as `toYamlStream` writes them; what it means does not change. */
export function withComments(text: string, { hasDocs, hasExamples }: CommentOptions): string {
  const documented = hasDocs
    ? text
        .split(/(?<=^---\n)/m)
        .map(documentWithDocs)
        .join('')
    : text;
  return hasExamples ? documented + EXAMPLES.map(exampleText).join('') : documented;
}

function exampleText([title, ...lines]: readonly string[]): string {
  return [`# ${title}`, '# ---', ...lines.map((line) => `# ${line}`)].join('\n').concat('\n');
}

function documentWithDocs(text: string): string {
  const kind = /^kind: (\w+)$/m.exec(text)?.[1];
  const root = kind === undefined ? [] : [kind];
  const open: { readonly column: number; readonly key: string }[] = [];
  let textBelow = Number.POSITIVE_INFINITY;
  return text
    .split('\n')
    .map((line) => {
      const column = line.length - line.trimStart().length;
      // Lines of a block scalar stand deeper than its key.
      if (line !== '' && column <= textBelow) textBelow = Number.POSITIVE_INFINITY;
      const m = /^ *([\w-]+):(.*)$/.exec(line);
      if (m === null || column > textBelow) return line;
      while ((open.at(-1)?.column ?? -1) >= column) open.pop();
      open.push({ column, key: m[1] ?? '' });
      if (/ [|>][-+]?$/.test(m[2] ?? '')) textBelow = column;
      const doc = DOCS[[...root, ...open.map((o) => o.key)].join('.')];
      return doc === undefined ? line : `${line} # ${doc}`;
    })
    .join('\n');
}
