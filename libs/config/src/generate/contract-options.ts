import type { SecretsBundle } from './secrets-bundle.ts';
import type { VersionContract } from './version-contract.ts';

/** A mirror of an image registry. */
export interface RegistryMirror {
  /** The registry that it stands for, such as `registry.k8s.io`. */
  readonly host: string;
  readonly url: string;
}

/** What configurations of a whole cluster are made of, whatever this version of a node does with them. */
export interface ContractOptions {
  readonly clusterName: string;
  /** URL of the Kubernetes API, such as `https://10.5.0.2:6443`. */
  readonly endpoint: string;
  readonly secrets: SecretsBundle;
  readonly contract: VersionContract;
  /** Such as `1.37.0`, without `v`. */
  readonly kubernetesVersion: string;
  /** Names and addresses for the certificates of both APIs, beside the node's own. */
  readonly additionalSans: readonly string[];
  readonly dnsDomain: string;
  /** Path of the disk to install to; nothing is installed when it is empty. */
  readonly installDisk: string;
  readonly installImage: string;
  readonly registryMirrors: readonly RegistryMirror[];
  readonly hasClusterDiscovery: boolean;
  readonly hasKubeSpan: boolean;
}

/** What a configuration is for. */
export type ConfigRole = 'controlplane' | 'worker';

const POD_SUBNET = { 4: '10.244.0.0/16', 6: 'fc00:db8:10::/56' } as const;
const SERVICE_SUBNET = { 4: '10.96.0.0/12', 6: 'fc00:db8:20::/112' } as const;

/** Subnets of pods and services: IPv6 ones for an endpoint that is an IPv6 address. */
export function clusterSubnets(endpoint: string): { readonly podSubnets: string[]; readonly serviceSubnets: string[] } {
  const family = endpoint.includes('[') ? 6 : 4;
  return { podSubnets: [POD_SUBNET[family]], serviceSubnets: [SERVICE_SUBNET[family]] };
}

/** The host of the endpoint, without brackets. */
export function endpointHost(endpoint: string): string {
  return new URL(endpoint).hostname.replace(/^\[|\]$/g, '');
}
