import { RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import type { ClusterView, HealthNodes } from './cluster-view.ts';

/** Why a check does not pass yet, as one sentence; `ok` and `skip` end it. */
export type Verdict = { readonly kind: 'ok' } | { readonly kind: 'skip' } | { readonly kind: 'wait'; readonly why: string };

/** One check of the cluster, tried again until it passes. */
export interface HealthCheck {
  /** Completes "waiting for …". */
  readonly description: string;
  judge(view: ClusterView, nodes: HealthNodes, signal: AbortSignal): Promise<Verdict>;
}

const KB_PER_MIB = 1024n;
/** Less 150 MiB, which a kernel keeps for itself. */
const LEAST_MEMORY_MIB = { controlPlane: 1848n - 150n, worker: 1024n - 150n } as const;
const OK: Verdict = { kind: 'ok' };

/** In order. Those of etcd, Kubernetes and disks come with what they look at. */
export const HEALTH_CHECKS: readonly HealthCheck[] = [
  {
    description: 'apid to be ready',
    judge: async (view, nodes, signal) => {
      await Promise.all(allOf(nodes).map((node) => view.version(node, signal)));
      return OK;
    },
  },
  {
    description: 'all nodes memory sizes',
    judge: async (view, nodes, signal) => {
      const modes = await Promise.all(allOf(nodes).map(async (node) => (await view.version(node, signal)).mode));
      // Containers share the memory of their host.
      if (modes.includes('container')) return { kind: 'skip' };
      const lacks = await Promise.all([
        ...nodes.controlPlanes.map((node) => memoryLack(view, { node, leastMib: LEAST_MEMORY_MIB.controlPlane }, signal)),
        ...nodes.workers.map((node) => memoryLack(view, { node, leastMib: LEAST_MEMORY_MIB.worker }, signal)),
      ]);
      return verdictOf(lacks.filter((lack) => lack !== undefined));
    },
  },
  {
    description: 'no diagnostics',
    judge: async (view, nodes, signal) => {
      const found = await Promise.all(
        allOf(nodes).map(async (node) => (await view.diagnostics(node, signal)).map((text) => `${node}: ${text}`)),
      );
      return verdictOf(found.flat());
    },
  },
  {
    description: 'all nodes to finish boot sequence',
    judge: async (view, nodes, signal) => {
      const missing = await Promise.all(
        allOf(nodes).map(async (node) => {
          const status = await view.machineStatus(node, signal);
          return status?.stage === Stage.MACHINE_STAGE_RUNNING ? undefined : `${node} has not finished booting`;
        }),
      );
      return verdictOf(missing.filter((why) => why !== undefined));
    },
  },
];

function allOf({ controlPlanes, workers }: HealthNodes): readonly string[] {
  return [...controlPlanes, ...workers];
}

function verdictOf(whys: readonly string[]): Verdict {
  return whys.length === 0 ? OK : { kind: 'wait', why: whys.join('; ') };
}

async function memoryLack(
  view: ClusterView,
  { node, leastMib }: { readonly node: string; readonly leastMib: bigint },
  signal: AbortSignal,
): Promise<string | undefined> {
  const mib = (await view.memoryKb(node, signal)) / KB_PER_MIB;
  return mib < leastMib ? `${node} has ${mib} MiB of memory, less than the ${leastMib} MiB that it needs` : undefined;
}
