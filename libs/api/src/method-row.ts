import type { Role } from './role.ts';

/** How messages go over one call. */
export type MethodKind = 'unary' | 'server-stream' | 'client-stream' | 'bidi';

/**
 * Who answers a method. `machined`: through apid, or on its socket. `trustd`: on its own port, with a token instead of
 * roles. `every`: each daemon on its own socket, never from outside.
 */
export type MethodDaemon = 'machined' | 'trustd' | 'every';

/** All that routing and authorization have to know about one method. */
export interface MethodRow {
  /** The path on the wire, `/<package>.<Service>/<Method>`. */
  readonly path: string;
  readonly daemon: MethodDaemon;
  readonly kind: MethodKind;
  /** Each of these roles alone is enough; empty where roles do not decide, and then apid never lets the method through. */
  readonly roles: readonly Role[];
  /** Whether one call may go to several nodes (header `nodes`). */
  readonly fanOut: boolean;
  /** Whether the replies of a fan-out go on one by one, instead of together in one message. */
  readonly streamedInFanOut: boolean;
  /** Whether `os:reader` is enough too while the node has no complete configuration. */
  readonly maintenanceReader: boolean;
  /** What else limits the method; empty when nothing does. */
  readonly note: string;
}

/** Whether the node has a complete configuration, or waits for one. */
export type NodeStage = 'configured' | 'maintenance';

/** Whether a caller with these roles may call the method; limits inside the handler (types of resources, machine type) come on top. */
export function isAllowed(row: MethodRow, roles: ReadonlySet<Role>, stage: NodeStage = 'configured'): boolean {
  if (row.roles.some((role) => roles.has(role))) return true;
  return row.maintenanceReader && stage === 'maintenance' && roles.has('os:reader');
}
