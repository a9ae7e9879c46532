import { Fault } from '@minos/base';
import type { MachineKind } from '../select/member.ts';

/** What becomes of a node while it does what it is told. */
export type Downtime = 'none' | 'comes-back' | 'stays-down';

/** One node of a write. */
export interface WriteTarget {
  readonly node: string;
  /** Its name in the cluster, where it is known. */
  readonly hostname: string | undefined;
  /** Undefined for a machine without a configuration. */
  readonly kind: MachineKind | undefined;
  readonly downtime: Downtime;
  /** What it gets, in a few words. */
  readonly gets: string;
}

/** How many nodes at a time; 0 for all at once. */
export interface Pace {
  readonly canary: number;
  readonly maxUnavailable: number;
}

/** Whether nodes go one batch after another, each of which must be healthy again before the next. Pure. */
export function isRolling({ canary, maxUnavailable }: Pace): boolean {
  return canary > 0 || maxUnavailable > 0;
}

/** The nodes in batches: first the canaries, then so many at a time. Throws `invalid` for a negative number. Pure. */
export function planBatches<T>(nodes: readonly T[], { canary, maxUnavailable }: Pace): readonly (readonly T[])[] {
  for (const [name, value] of Object.entries({ '--canary': canary, '--max-unavailable': maxUnavailable })) {
    if (value < 0) throw new Fault('invalid', `${name} takes a number of nodes, not ${value}`);
  }
  const first = nodes.slice(0, canary);
  const rest = nodes.slice(canary);
  const size = maxUnavailable > 0 ? maxUnavailable : Math.max(rest.length, 1);
  const batches: (readonly T[])[] = first.length > 0 ? [first] : [];
  for (let at = 0; at < rest.length; at += size) batches.push(rest.slice(at, at + size));
  return batches;
}

/** A control plane of the cluster, and whether it is healthy now. */
export interface ControlPlaneHealth {
  readonly address: string;
  readonly isHealthy: boolean;
}

/**
 * Why a write would leave less than a majority of healthy control planes; undefined when it does not. A node that comes back counts
 * again after its batch, one that stays down never. Pure.
 */
export function quorumProblem(
  batches: readonly (readonly WriteTarget[])[],
  controlPlanes: readonly ControlPlaneHealth[],
): string | undefined {
  const needed = Math.floor(controlPlanes.length / 2) + 1;
  const healthy = new Set(controlPlanes.filter((one) => one.isHealthy).map((one) => one.address));
  for (const batch of batches) {
    const down = batch.filter(({ node, downtime }) => downtime !== 'none' && healthy.has(node));
    const left = healthy.size - down.length;
    if (down.length > 0 && left < needed) {
      const names = down.map(({ node }) => node).join(', ');
      if (controlPlanes.length === 1) return `${names} is the only control plane: while it is down the cluster has none`;
      const had = `${healthy.size} of ${controlPlanes.length} control planes are healthy, ${needed} must be`;
      return `with ${names} down at the same time ${left} would be left: ${had}`;
    }
    for (const { node, downtime } of down) if (downtime === 'stays-down') healthy.delete(node);
  }
  return undefined;
}

/** Why a configuration of one kind of machine must not go to some of these nodes; undefined when it may. Pure. */
export function kindProblem(targets: readonly WriteTarget[], kind: MachineKind | undefined): string | undefined {
  const wrong = targets.filter((target) => kind !== undefined && target.kind !== undefined && target.kind !== kind);
  if (wrong.length === 0) return undefined;
  const nodes = wrong.map(({ node, hostname }) => (hostname === undefined ? node : `${node} (${hostname})`)).join(', ');
  const [are, other] = kind === 'worker' ? ['a worker', 'control planes'] : ['a control plane', 'workers'];
  return `this is the configuration of ${are}, and these nodes are ${other}: ${nodes}; nothing was sent to any node`;
}

/** The plan of a write, for people: who gets what, and in which order. Pure. */
export function planLines(batches: readonly (readonly WriteTarget[])[], done: readonly WriteTarget[]): readonly string[] {
  const lines = done.map((target) => `  ${targetText(target)}: done already`);
  for (const [i, batch] of batches.entries()) {
    if (batches.length > 1)
      lines.push(`  ${i + 1}. ${batch.length === 1 ? 'then' : `${batch.length} at a time`}:`.replace('1. then', '1. first'));
    lines.push(...batch.map((target) => `${batches.length > 1 ? '     ' : '  '}${targetText(target)}: ${target.gets}`));
  }
  return lines;
}

function targetText({ node, hostname, kind }: WriteTarget): string {
  const what = kind === undefined ? undefined : kind === 'worker' ? 'worker' : 'control plane';
  const known = [hostname, what].filter((part) => part !== undefined).join(', ');
  return known === '' ? node : `${node} (${known})`;
}
