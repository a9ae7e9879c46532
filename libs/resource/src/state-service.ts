import type {
  CreateRequest,
  DestroyRequest,
  GetRequest,
  ListRequest,
  TeardownRequest,
  UpdateRequest,
  Resource as WireResource,
} from '@minos/api/cosi';
import { Fault } from '@minos/base';
import { type BoundService, bindService, type CallContext } from '@minos/rpc';
import type { MemoryState } from './memory-state.ts';
import { kindOpener } from './open-kind.ts';
import { matcherOf } from './resource-query.ts';
import type { ResourceDraft } from './resource-store.ts';
import type { ResourceType, YamlValue } from './resource-type.ts';
import { SharedResponses } from './shared-responses.ts';
import type { StatePolicy } from './state-policy.ts';
import { watchState } from './state-watch.ts';
import { fromWire, phaseOf } from './wire-resource.ts';

/** What the State service needs. */
export interface StateServiceOptions {
  readonly state: MemoryState;
  readonly types: readonly ResourceType<unknown>[];
  readonly policy: StatePolicy;
  /** Makes YAML text; the state itself knows no YAML. */
  readonly emitYaml: (value: YamlValue) => string;
  /** Ends every watch when it is aborted, so that the server can stop at once. */
  readonly until?: AbortSignal;
}

/**
 * Serves a state as `cosi.resource.State`. A type or namespace that is not known answers PERMISSION_DENIED. A resource
 * that was not created through this very service is never changed or destroyed through it.
 */
export function bindStateService(options: StateServiceOptions): BoundService {
  const { store } = options.state;
  const open = kindOpener(options);
  const shared = new SharedResponses();
  const madeHere = new Set<string>();
  const mayChange = (key: Address): void => {
    const isOthers = store.get(key, key.id) !== undefined && !madeHere.has(addressText(key));
    if (isOthers) throw new Fault('denied', `resource ${addressText(key)} belongs to another writer`);
  };
  const destroy = (request: DestroyRequest, context: CallContext): Record<string, never> => {
    const { key } = open(request, context, 'write');
    mayChange({ ...key, id: request.id });
    store.destroy(key, request.id, request.options?.owner ?? '');
    madeHere.delete(addressText({ ...key, id: request.id }));
    return {};
  };
  return bindService(shared.definition(), {
    Get: async (request: GetRequest, context) => {
      const { key, wire } = open(request, context, 'read');
      const found = store.get(key, request.id);
      if (found === undefined) throw new Fault('missing', `resource ${addressText(request)} doesn't exist`);
      return { resource: wire(found) };
    },
    List: async function* (request: ListRequest, context) {
      const { key, wire } = open(request, context, 'read');
      const matches = matcherOf(request.options?.labelQuery ?? [], request.options?.idQuery);
      for (const resource of store.list(key)) {
        if (matches === undefined || matches(resource.metadata)) yield { resource: wire(resource) };
      }
    },
    Watch: (request, context) => {
      const signal = options.until === undefined ? context.signal : AbortSignal.any([context.signal, options.until]);
      return watchState({ state: options.state, opened: () => open(request, context, 'read'), shared }, request, signal);
    },
    Create: async ({ resource, options: how }: CreateRequest, context) => {
      const { type, wire } = open(resource?.metadata, context, 'write');
      const { draft, spec } = draftOf(type, resource, how?.owner ?? '');
      const created = store.create(draft, spec);
      madeHere.add(addressText(draft));
      return { resource: wire(created) };
    },
    Update: async ({ newResource, options: how }: UpdateRequest, context) => {
      const { type, wire } = open(newResource?.metadata, context, 'write');
      const { draft, spec, version } = draftOf(type, newResource, how?.owner ?? '');
      mayChange(draft);
      const current = store.get(draft, draft.id);
      const expected = phaseOf(how?.expectedPhase ?? 'running');
      if (current !== undefined && how?.expectedPhase !== '' && current.metadata.phase !== expected) {
        throw new Fault('invalid', `resource ${addressText(draft)} is in phase ${current.metadata.phase}`);
      }
      return { resource: wire(store.update(draft, spec, version)) };
    },
    Destroy: async (request, context) => destroy(request, context),
    Teardown: async (request: TeardownRequest, context) => {
      const { key } = open(request, context, 'write');
      mayChange({ ...key, id: request.id });
      const current = store.get(key, request.id);
      if (current === undefined) throw new Fault('missing', `resource ${addressText(request)} doesn't exist`);
      const draft = { ...current.metadata, owner: request.options?.owner ?? '', phase: 'tearingDown' } as const;
      if (current.metadata.phase === 'running') store.update(draft, current.spec, undefined);
      return { destroyReady: current.metadata.finalizers.length === 0 };
    },
    TeardownAndDestroy: async (request, context) => destroy(request, context),
  });
}

type Address = { readonly namespace: string; readonly type: string; readonly id: string };
function draftOf(
  type: ResourceType<unknown>,
  wire: WireResource | undefined,
  owner: string,
): { draft: ResourceDraft; spec: unknown; version: bigint } {
  const { metadata, spec } = fromWire(type, wire);
  if (metadata.id === '') throw new Fault('invalid', 'the resource has no id');
  const { namespace, id, phase, finalizers, labels, annotations, version } = metadata;
  return { draft: { namespace, type: type.type, id, owner, phase, finalizers, labels, annotations }, spec, version };
}

function addressText(of: Address): string {
  return `${of.type}(${of.namespace}/${of.id})`;
}
