import { isDeepStrictEqual } from 'node:util';
import type { MachineConfig } from './machine-config.ts';
import { networkSpecs } from './network/network-specs.ts';
import { type ConfigDocument, documentRoot } from './read-documents.ts';

/** Parts of a configuration with which a node can be lost. */
export type ReachPart = 'network' | 'api' | 'trust';

/** What became of one document. */
export interface DocumentChange {
  /** As in paths, such as `LinkConfig(eth0)`; `v1alpha1` for the document without a kind. */
  readonly id: string;
  readonly change: 'added' | 'changed' | 'removed';
}

/** Which parts that a node is reached by differ: its links, addresses and routes; names of its API and where it joins; authorities and the token. Pure. */
export function reachChanges(before: MachineConfig, after: MachineConfig): readonly ReachPart[] {
  const parts: Readonly<Record<ReachPart, (config: MachineConfig) => unknown>> = {
    network: (config) => {
      const { links, addresses, routes } = networkSpecs(config);
      return { links, addresses, routes };
    },
    api: ({ certSANs, cluster }) => ({ certSANs, endpoint: cluster.endpoint }),
    trust: ({ ca, acceptedCAs, token }) => ({
      certPem: ca?.certPem,
      keyPem: ca?.keyPem?.reveal(),
      acceptedCAs,
      token: token.reveal(),
    }),
  };
  const all: readonly ReachPart[] = ['network', 'api', 'trust'];
  return all.filter((part) => !isDeepStrictEqual(parts[part](before), parts[part](after)));
}

/** The documents that differ in what they say, in the order of the new configuration, removed ones last. Pure. */
export function documentChanges(before: MachineConfig | undefined, after: MachineConfig): readonly DocumentChange[] {
  const old = new Map((before?.documents ?? []).map((document) => [idOf(document), document]));
  const changes: DocumentChange[] = [];
  for (const document of after.documents) {
    const id = idOf(document);
    const was = old.get(id);
    old.delete(id);
    if (was === undefined) changes.push({ id, change: 'added' });
    else if (!isDeepStrictEqual(was.value, document.value)) changes.push({ id, change: 'changed' });
  }
  return [...changes, ...[...old.keys()].map((id): DocumentChange => ({ id, change: 'removed' }))];
}

function idOf(document: ConfigDocument): string {
  return documentRoot(document) || document.kind;
}
