import type { Resource as WireResource } from '@minos/api/cosi';
import { Fault } from '@minos/base';
import type { CallContext } from '@minos/rpc';
import type { KindKey } from './resource-store.ts';
import type { ResourceType, YamlValue } from './resource-type.ts';
import type { Resource } from './state.ts';
import type { StatePolicy } from './state-policy.ts';
import { NAMESPACES } from './types/all-types.ts';
import { toWire } from './wire-resource.ts';

/** What a State service opens kinds with. */
export interface OpenKindOptions {
  readonly types: readonly ResourceType<unknown>[];
  readonly policy: StatePolicy;
  readonly emitYaml: (value: YamlValue) => string;
}

/** A type that was asked for and may be read or written, and how its resources go on the wire. */
export interface OpenKind {
  readonly type: ResourceType<unknown>;
  readonly key: KindKey;
  readonly wire: (resource: Resource<unknown>) => WireResource;
}

export type Access = 'read' | 'write';

/** Opens a kind for a call; throws `denied` when the type or the namespace is not known, or when the policy refuses. */
export type KindOpener = (
  of: { readonly namespace: string; readonly type: string } | undefined,
  context: CallContext,
  access: Access,
) => OpenKind;

/** Makes what opens the kinds of one service. */
export function kindOpener(options: OpenKindOptions): KindOpener {
  const byName = new Map(options.types.map((type) => [type.type.toLowerCase(), type]));
  return (of, context, access) => {
    const type = byName.get((of?.type ?? '').toLowerCase());
    if (of === undefined || type === undefined) throw new Fault('denied', `type ${of?.type ?? ''} is not supported`);
    options.policy[access]({ type, roles: context.roles });
    if (!Object.hasOwn(NAMESPACES, of.namespace)) throw new Fault('denied', `namespace ${of.namespace} is not supported`);
    return {
      type,
      key: { namespace: of.namespace, type: type.type },
      wire: (resource) => toWire(type, resource, options.emitYaml),
    };
  };
}
