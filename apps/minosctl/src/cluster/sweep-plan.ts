import type { ClusterIdentity } from './cluster-options.ts';
import type { Holder } from './find-holders.ts';
import type { GuardRoute } from './guard-route.ts';
import type { Leftovers } from './observe-leftovers.ts';

/** One thing to take away. */
export type SweepStep =
  | { readonly op: 'end-holder'; readonly holder: Holder }
  | { readonly op: 'unmount'; readonly path: string }
  | { readonly op: 'delete-link'; readonly name: string }
  | { readonly op: 'remove-cgroup'; readonly path: string }
  | { readonly op: 'remove-route'; readonly route: GuardRoute }
  | { readonly op: 'remove-files'; readonly identity: ClusterIdentity };

/** What to take away and in which order: what uses something goes before it. Nothing left gives no steps. Pure. */
export function planSweep(found: Leftovers, identity: ClusterIdentity): SweepStep[] {
  return [
    ...found.holders.map((holder): SweepStep => ({ op: 'end-holder', holder })),
    ...found.links.map(({ name }): SweepStep => ({ op: 'delete-link', name })),
    ...found.cgroups.map((path): SweepStep => ({ op: 'remove-cgroup', path })),
    ...found.mounts.map((path): SweepStep => ({ op: 'unmount', path })),
    ...(found.route === undefined ? [] : [{ op: 'remove-route', route: found.route } as const]),
    ...(found.hasFiles ? [{ op: 'remove-files', identity } as const] : []),
  ];
}
