import type { Resource } from '@minos/api/cosi';
import { Fault } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { type PlainValue, plainValue, timestampText } from '../output/plain-value.ts';

const EPOCH = { seconds: 0n, nanos: 0 };

/** A resource as `get` shows it. */
export interface ResourceView {
  readonly namespace: string;
  readonly id: string;
  readonly version: string;
  readonly metadata: PlainValue;
  readonly spec: PlainValue;
}

/** Reads a resource of the wire; throws `data-loss` when the node left out what must be there. */
export function resourceView(resource: Resource | undefined): ResourceView {
  const metadata = resource?.metadata;
  if (metadata === undefined || resource?.spec === undefined) {
    throw new Fault('data-loss', 'the node sent a resource without metadata or spec');
  }
  const { namespace, type, id, version, owner, phase, created, updated, labels, annotations, finalizers } = metadata;
  return {
    namespace,
    id,
    version,
    metadata: {
      namespace,
      type,
      id,
      version: /^\d+$/.test(version) ? Number(version) : version,
      owner,
      phase,
      created: timestampText(created ?? EPOCH),
      updated: timestampText(updated ?? EPOCH),
      ...(Object.keys(labels).length === 0 ? {} : { labels }),
      ...(Object.keys(annotations).length === 0 ? {} : { annotations }),
      ...(finalizers.length === 0 ? {} : { finalizers }),
    },
    spec: readSpec(resource.spec.yamlSpec),
  };
}

function readSpec(text: string): PlainValue {
  if (text === '') return null;
  const read = parseYamlDocument(text);
  if (!read.ok) throw new Fault('data-loss', `the node sent a spec that is no YAML: ${read.problems[0]?.expected ?? ''}`);
  return plainValue(read.value);
}
