import type { ResourceType } from './resource-type.ts';
import type { Resource } from './state.ts';

/** What a writer decides about a resource. */
export interface Content<S> {
  readonly spec: S;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Whether writing this content would change nothing. */
export function sameContent<S>(type: ResourceType<S>, existing: Resource<S>, wanted: Content<S>): boolean {
  return (
    sameText(existing.metadata.labels, wanted.labels) &&
    sameText(existing.metadata.annotations, wanted.annotations) &&
    Buffer.compare(type.codec.encode(existing.spec).finish(), type.codec.encode(wanted.spec).finish()) === 0
  );
}

function sameText(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => a[key] === b[key]);
}
