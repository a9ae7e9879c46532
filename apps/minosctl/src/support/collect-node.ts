import { Fault, isFault } from '@minos/base';
import { forEachNode } from '../node-call/for-each-node.ts';
import type { Collector } from './collector.ts';
import { type NodeReach, nodeCollectors } from './node-collectors.ts';
import type { ZipWriter } from './zip-writer.ts';

/** What could not be collected, and why. */
export interface CollectFailure {
  readonly name: string;
  readonly error: unknown;
}

/** How the collection of a node went. */
export interface NodeReport {
  readonly node: string;
  readonly files: number;
  readonly bytes: number;
  /** The node does not have these. */
  readonly absent: readonly CollectFailure[];
  readonly failures: readonly CollectFailure[];
}

/** How to collect. */
export interface CollectOptions {
  readonly zip: ZipWriter;
  /** How many files of a node are asked for at the same time. */
  readonly workers: number;
  /** Told about each file that is done, of so many. */
  readonly progress: (node: string, step: { readonly name: string; readonly done: number; readonly of: number }) => void;
}

/** A node that fails so often in a row is asked no more. */
const LOST_AFTER = 3;

/** Collects everything of a node into the archive, below a folder of its name; never rejects for what the node does. */
export async function collectNode(reach: NodeReach, folder: string, options: CollectOptions): Promise<NodeReport> {
  const tally = { files: 0, bytes: 0, done: 0, lostInARow: 0 };
  const absent: CollectFailure[] = [];
  const failures: CollectFailure[] = [];
  let collectors: readonly Collector[] = [];
  try {
    collectors = await nodeCollectors(reach);
  } catch (error) {
    return { node: reach.node, files: 0, bytes: 0, absent, failures: [{ name: '', error }] };
  }
  const work = async (name: string): Promise<void> => {
    const collector = collectors.find((one) => one.name === name);
    if (collector === undefined) return;
    if (tally.lostInARow >= LOST_AFTER) throw new Fault('unavailable', 'not asked for: the node was lost');
    const { bytes, failure } = await options.zip.add(`${folder}/${name}`, collector.collect());
    tally.bytes += bytes;
    if (failure === undefined || bytes > 0) tally.files += 1;
    tally.lostInARow = isLost(failure) ? tally.lostInARow + 1 : 0;
    tally.done += 1;
    options.progress(reach.node, { name, done: tally.done, of: collectors.length });
    if (failure !== undefined) throw failure;
  };
  const names = collectors.map(({ name }) => name);
  for (const { node: name, error } of (await forEachNode(names, options.workers, work)).failures) {
    (isAbsent(name, error) ? absent : failures).push({ name, error });
  }
  return { node: reach.node, files: tally.files, bytes: tally.bytes, absent, failures };
}

function isLost(e: unknown): boolean {
  return isFault(e, 'unavailable') || isFault(e, 'deadline');
}

/** Not a failure: what is not there, and what this role may not see. */
function isAbsent(name: string, e: unknown): boolean {
  return isFault(e, 'missing') || isFault(e, 'unimplemented') || (name.startsWith('resources/') && isFault(e, 'denied'));
}
