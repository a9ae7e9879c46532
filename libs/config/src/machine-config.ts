import type { Problem, Secret } from '@minos/base';
import type { KernelConfig } from './kernel/kernel-config.ts';
import type { NetworkConfig } from './network/network-config.ts';
import type { CertificateAndKey } from './pem-field.ts';
import type { ConfigDocument } from './read-documents.ts';

/** What a node is for. `init` is an old name for the first control plane. */
export type MachineRole = 'controlplane' | 'worker' | 'init';

/** Who the cluster is. */
export interface ClusterConfig {
  readonly id: string;
  readonly secret: Secret | undefined;
  readonly name: string;
  /** URL of the control plane; empty when the configuration has none. */
  readonly endpoint: string;
}

/** A whole, checked configuration of a node. */
export interface MachineConfig {
  readonly machineType: MachineRole;
  readonly token: Secret;
  /** The issuing authority; its key is there on a control plane and nowhere else. */
  readonly ca: CertificateAndKey | undefined;
  /** Certificates in PEM, beside the issuing one. */
  readonly acceptedCAs: readonly string[];
  readonly certSANs: readonly string[];
  readonly network: NetworkConfig;
  readonly kernel: KernelConfig;
  readonly cluster: ClusterConfig;
  readonly documents: readonly ConfigDocument[];
  /** Things that are accepted, but that whoever wrote them should know about. */
  readonly warnings: readonly Problem[];
  /** The text it was read from, byte for byte. */
  readonly text: string;
}
