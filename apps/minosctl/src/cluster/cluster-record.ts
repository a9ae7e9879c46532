import { readFile, rename, writeFile } from 'node:fs/promises';
import { hasCode } from '@minos/base';
import type { ClusterPlan } from './cluster-plan.ts';

/** What `up` notes about a cluster that it made, for `show` and for the next `up`. */
export interface ClusterRecord {
  readonly name: string;
  readonly subnet: string;
  readonly endpoint: string;
  readonly image: string;
  readonly provisioner: Provisioner;
  /** Set when every node was ready once. */
  readonly isComplete: boolean;
  /** Of the image that is mounted. */
  readonly imageStamp: string;
  readonly nodes: readonly RecordedNode[];
}

/** What holds the nodes of a cluster. */
export type Provisioner = 'container' | 'qemu';

/** A node in the record. */
export interface RecordedNode {
  readonly name: string;
  readonly type: string;
  readonly address: string;
}

/** Writes the record, whole or not at all. */
export async function writeRecord(plan: ClusterPlan, progress: Pick<ClusterRecord, 'isComplete' | 'imageStamp'>): Promise<void> {
  const record: ClusterRecord = {
    name: plan.name,
    subnet: plan.subnet.cidr,
    endpoint: plan.endpoint,
    image: plan.image,
    provisioner: provisionerOf(plan),
    ...progress,
    nodes: plan.nodes.map(({ name, type, address }) => ({ name, type, address })),
  };
  await writeFile(`${plan.record}.next`, `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 });
  await rename(`${plan.record}.next`, plan.record);
}

/** What holds the nodes of a planned cluster; pure. */
export function provisionerOf({ machine }: Pick<ClusterPlan, 'machine'>): Provisioner {
  return machine === undefined ? 'container' : 'qemu';
}

/** Reads the record; undefined when there is none, or none that can be read. */
export async function readRecord(path: string): Promise<ClusterRecord | undefined> {
  try {
    return parseRecord(JSON.parse(await readFile(path, 'utf8')));
  } catch (e) {
    if (hasCode(e, 'ENOENT') || e instanceof SyntaxError) return undefined;
    throw e;
  }
}

/** Reads what was noted; undefined when it is something else. Pure. */
export function parseRecord(value: unknown): ClusterRecord | undefined {
  const [name, subnet, endpoint, image] = ['name', 'subnet', 'endpoint', 'image'].map((key) => textAt(value, key));
  if (name === undefined || subnet === undefined || endpoint === undefined || image === undefined) return undefined;
  if (typeof value !== 'object' || value === null || !('nodes' in value) || !Array.isArray(value.nodes)) return undefined;
  const nodes = value.nodes.flatMap((node: unknown) => {
    const [own, type, address] = ['name', 'type', 'address'].map((key) => textAt(node, key));
    return own === undefined || type === undefined || address === undefined ? [] : [{ name: own, type, address }];
  });
  return {
    name,
    subnet,
    endpoint,
    image,
    provisioner: textAt(value, 'provisioner') === 'qemu' ? 'qemu' : 'container',
    isComplete: 'isComplete' in value && value.isComplete === true,
    imageStamp: textAt(value, 'imageStamp') ?? '',
    nodes,
  };
}

function textAt(value: unknown, key: string): string | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const found: unknown = Object.entries(value).find(([k]) => k === key)?.[1];
  return typeof found === 'string' ? found : undefined;
}
