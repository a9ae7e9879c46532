/** Every role that this version knows, sorted; the organization of a client certificate, or a value of `talos-role`. */
export const ROLES = [
  'os:admin',
  'os:etcd:backup',
  'os:image:verifier',
  'os:impersonator',
  'os:meta:writer',
  'os:operator',
  'os:reader',
] as const;

/** One of the seven roles. */
export type Role = (typeof ROLES)[number];

/** A set of roles as it was carried: what we know, and names that we do not know (kept to be reported, and grant nothing). */
export interface RoleSet {
  readonly known: ReadonlySet<Role>;
  /** Sorted, without repetition. */
  readonly unknown: readonly string[];
}

const KNOWN: ReadonlySet<string> = new Set(ROLES);

/** Whether a name is a role that this version knows. */
export function isRole(name: string): name is Role {
  return KNOWN.has(name);
}

/** Reads role names: blanks around each are cut, empty ones skipped, unknown ones kept apart. Never fails. */
export function parseRoles(names: Iterable<string>): RoleSet {
  const known = new Set<Role>();
  const unknown = new Set<string>();
  for (const raw of names) {
    const name = raw.trim();
    if (name === '') continue;
    if (isRole(name)) known.add(name);
    else unknown.add(name);
  }
  return { known, unknown: [...unknown].sort() };
}

/** The names of a role set, known and unknown, sorted: the order in which they are put on the wire. */
export function roleNames(set: RoleSet): readonly string[] {
  return [...set.known, ...set.unknown].sort();
}
