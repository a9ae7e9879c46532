import { StateDefinition } from '@minos/api/cosi';
import { isFault } from '@minos/base';
import { type CallOptions, client, type RpcChannel } from '@minos/rpc';

/** How one node is asked. The channel stays its owner's. */
export interface NodeSource {
  readonly channel: RpcChannel;
  /** Of calls that answer once, with a timeout. */
  readonly options: CallOptions;
  /** Of streams. */
  readonly streamOptions: CallOptions;
}

/** A kind of resource, and what decodes its specs. */
export interface SpecKind<S> {
  readonly namespace: string;
  readonly type: string;
  readonly codec: { decode(bytes: Uint8Array): S };
}

/** Whether a failure is of the whole node, so that nothing else of it can be had either. */
export function isOfNode(e: unknown): boolean {
  return !isFault(e) || ['unavailable', 'deadline', 'unauthenticated', 'cancelled'].includes(e.kind);
}

/** The resources of a kind; undefined when the node does not tell, throws when it cannot be reached. */
export async function listSpecs<S>(
  { channel, options }: NodeSource,
  { namespace, type, codec }: SpecKind<S>,
): Promise<readonly { readonly id: string; readonly spec: S }[] | undefined> {
  const state = client(channel, StateDefinition);
  const found: { readonly id: string; readonly spec: S }[] = [];
  try {
    for await (const { resource } of state.List({ namespace, type, options: undefined }, options)) {
      if (resource?.metadata === undefined || resource.spec === undefined) continue;
      found.push({ id: resource.metadata.id, spec: codec.decode(resource.spec.protoSpec) });
    }
    return found;
  } catch (e) {
    if (isOfNode(e)) throw e;
    return undefined;
  }
}
