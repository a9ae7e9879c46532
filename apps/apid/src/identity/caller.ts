import { parseRoles, type RoleSet } from '@minos/api';

/** Who is at the other end of a connection, as far as its certificate says. */
export interface Caller {
  /** Address, for logs. */
  readonly peer: string;
  readonly roles: RoleSet;
  /** Whether it is another apid, which may say for whom it calls. */
  readonly mayImpersonate: boolean;
  /** Outside of this time the certificate means nothing; milliseconds since the epoch. */
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Monotonic time of the handshake. */
  readonly connectedMs: number;
}

/** A caller by the organizations of its certificate. */
export function callerOf(certificate: {
  readonly peer: string;
  readonly organizations: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  readonly connectedMs: number;
}): Caller {
  const { peer, notBeforeMs, notAfterMs, connectedMs } = certificate;
  const roles = parseRoles(certificate.organizations);
  return { peer, roles, mayImpersonate: roles.known.has('os:impersonator'), notBeforeMs, notAfterMs, connectedMs };
}

/** A caller in maintenance mode: anybody, who may read. */
export function anonymousReader(peer: string, connectedMs: number): Caller {
  return {
    peer,
    roles: parseRoles(['os:reader']),
    mayImpersonate: false,
    notBeforeMs: Number.NEGATIVE_INFINITY,
    notAfterMs: Number.POSITIVE_INFINITY,
    connectedMs,
  };
}

/** The roles of one call. What the header `talos-role` says counts only from another apid, and then it is all that counts. */
export function rolesOfCall(caller: Caller, claimed: readonly string[]): RoleSet {
  return caller.mayImpersonate && claimed.length > 0 ? parseRoles(claimed) : caller.roles;
}
