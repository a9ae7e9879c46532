import { Resource as WireResource } from '@minos/api/cosi';
import type { Timestamp } from '@minos/api/google';
import { Fault } from '@minos/base';
import type { ResourceType, YamlValue } from './resource-type.ts';
import type { Phase, Resource, ResourceMetadata } from './state.ts';

/** The message for a resource, with the binary and the YAML form of its spec. */
export function toWire(
  type: ResourceType<unknown>,
  resource: Resource<unknown>,
  emitYaml: (value: YamlValue) => string,
): WireResource {
  const { metadata } = resource;
  return {
    metadata: {
      namespace: metadata.namespace,
      type: metadata.type,
      id: metadata.id,
      version: metadata.version.toString(),
      owner: metadata.owner,
      phase: metadata.phase,
      created: timestampOf(metadata.createdMs),
      updated: timestampOf(metadata.updatedMs),
      finalizers: [...metadata.finalizers],
      labels: { ...metadata.labels },
      annotations: { ...metadata.annotations },
    },
    spec: { protoSpec: Buffer.from(type.codec.encode(resource.spec).finish()), yamlSpec: emitYaml(type.toYaml(resource.spec)) },
  };
}

/** The message that says that there is no such resource: version `undefined`, empty spec. */
export function tombstone(key: { readonly namespace: string; readonly type: string; readonly id: string }): WireResource {
  return WireResource.fromPartial({ metadata: { ...key, version: 'undefined', phase: 'running' }, spec: {} });
}

/** A resource from its message; throws `invalid` when it lacks a part or does not decode. */
export function fromWire<S>(type: ResourceType<S>, wire: WireResource | undefined): Resource<S> {
  if (wire?.metadata === undefined) throw new Fault('invalid', 'the resource has no metadata');
  if (wire.spec === undefined) throw new Fault('invalid', 'the resource has no spec');
  return { metadata: metadataOf(wire.metadata), spec: decodeSpec(type, wire.spec.protoSpec) };
}

function metadataOf(metadata: NonNullable<WireResource['metadata']>): ResourceMetadata {
  return {
    namespace: metadata.namespace,
    type: metadata.type,
    id: metadata.id,
    version: /^\d+$/.test(metadata.version) ? BigInt(metadata.version) : 0n,
    owner: metadata.owner,
    phase: phaseOf(metadata.phase),
    createdMs: msOf(metadata.created),
    updatedMs: msOf(metadata.updated),
    finalizers: metadata.finalizers,
    labels: metadata.labels,
    annotations: metadata.annotations,
  };
}

function decodeSpec<S>(type: ResourceType<S>, bytes: Buffer): S {
  try {
    return type.codec.decode(bytes);
  } catch (e) {
    throw new Fault('invalid', `the spec is not a ${type.displayType}`, {}, { cause: e });
  }
}

/** The phase in a message; empty means running. */
export function phaseOf(text: string): Phase {
  if (text === '' || text === 'running') return 'running';
  if (text === 'tearingDown') return 'tearingDown';
  throw new Fault('invalid', 'the phase is neither running nor tearingDown');
}

function timestampOf(ms: number): Timestamp {
  const seconds = Math.floor(ms / 1000);
  return { seconds: BigInt(seconds), nanos: Math.round((ms - seconds * 1000) * 1e6) };
}

function msOf(timestamp: Timestamp | undefined): number {
  return timestamp === undefined ? 0 : Number(timestamp.seconds) * 1000 + Math.floor(timestamp.nanos / 1e6);
}
