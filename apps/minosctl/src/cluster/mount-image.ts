import { mkdir } from 'node:fs/promises';
import type { ClusterPlan } from './cluster-plan.ts';
import { runTool } from './run-tool.ts';

/** Mounts the root of all nodes, once and read-only; the loop device goes with the mount. */
export async function mountImage(plan: ClusterPlan): Promise<void> {
  await mkdir(plan.imageMount, { recursive: true, mode: 0o755 });
  await runTool('mount', ['-t', 'squashfs', '-o', 'loop,ro,nodev,nosuid', plan.image, plan.imageMount]);
}
