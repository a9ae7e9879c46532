import { toYamlStream } from '../yaml-text.ts';
import type { YamlMap } from '../yaml-value.ts';

/** What makes one node differ from the others of its kind. */
export interface NodePatchOptions {
  readonly hostname: string;
  readonly link: string;
  /** `10.5.0.2/24`. */
  readonly addresses: readonly string[];
  /** Gateway of a default route; none when absent. */
  readonly gateway?: string;
  readonly mtu?: number;
  readonly nameServers?: readonly string[];
}

/** A patch that gives a node its name and its addresses; apply it with `patchConfig`. */
export function nodePatch(options: NodePatchOptions): string {
  const documents: YamlMap[] = [
    { apiVersion: 'v1alpha1', kind: 'HostnameConfig', auto: 'off', hostname: options.hostname },
    {
      apiVersion: 'v1alpha1',
      kind: 'LinkConfig',
      name: options.link,
      ...(options.mtu === undefined ? {} : { mtu: options.mtu }),
      addresses: options.addresses.map((address) => ({ address })),
      ...(options.gateway === undefined ? {} : { routes: [{ gateway: options.gateway }] }),
    },
  ];
  if (options.nameServers !== undefined) {
    const nameservers = options.nameServers.map((address) => ({ address }));
    documents.push({ apiVersion: 'v1alpha1', kind: 'ResolverConfig', nameservers });
  }
  return toYamlStream(documents);
}
