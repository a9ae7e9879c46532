import { Fault } from '@minos/base';
import type { ResourceType } from './resource-type.ts';

/** One access to the state, as a policy sees it. */
export interface StateAccess {
  readonly type: ResourceType<unknown>;
  readonly roles: ReadonlySet<string>;
}

/** Decides who may do what over a State service; each check throws a Fault `denied` to refuse. */
export interface StatePolicy {
  read(access: StateAccess): void;
  write(access: StateAccess): void;
}

/** What one daemon may do on its own socket. */
export interface DaemonAccess {
  readonly readable: readonly ResourceType<unknown>[];
  /** It may write these too, as far as it made the resource itself. */
  readonly owned: readonly ResourceType<unknown>[];
}

/** From outside, the state is only read, and sensitive types only by os:admin. */
export function outsidePolicy(): StatePolicy {
  return {
    read: ({ type, roles }) => {
      if (type.isSensitive && !roles.has('os:admin')) throw new Fault('denied', 'not authorized');
    },
    write: () => {
      throw new Fault('denied', 'write access is not allowed');
    },
  };
}

/** On a daemon's socket, it sees what it needs and writes what it owns. */
export function daemonPolicy(access: DaemonAccess): StatePolicy {
  const owned = new Set(access.owned.map((type) => type.type));
  const readable = new Set([...owned, ...access.readable.map((type) => type.type)]);
  return {
    read: ({ type }) => {
      if (!readable.has(type.type)) throw new Fault('denied', 'access denied');
    },
    write: ({ type }) => {
      if (!owned.has(type.type)) throw new Fault('denied', 'write access denied');
    },
  };
}
