import { isAllowed, methodRow, type NodeStage, parseRoles, type Role } from '@minos/api';
import { Fault } from '@minos/base';
import type { Authorize } from '@minos/rpc';

/** Header in which apid hands on the roles of the caller. */
const ROLE_HEADER = 'talos-role';

/** Admits a call by the roles that apid found; a method without a row is for os:admin only, who then learns that it is not there. */
export function authorizeByRole(stage: () => NodeStage): Authorize {
  return ({ method, metadata }) => {
    const { known } = parseRoles(metadata.all(ROLE_HEADER));
    const row = methodRow(method);
    const isAdmitted = row === undefined ? known.has('os:admin') : row.daemon === 'machined' && isAllowed(row, known, stage());
    if (!isAdmitted) throw new Fault('denied', 'not authorized', { method });
    return known;
  };
}

/** Admits what readers may call, at the stage that the node is in; headers say nothing. */
export function authorizeReader(stage: () => NodeStage): Authorize {
  return ({ method }) => {
    const row = methodRow(method);
    if (row?.daemon !== 'machined' || !isAllowed(row, READER_ROLES, stage()))
      throw new Fault('denied', 'not authorized', { method });
    return READER_ROLES;
  };
}

const READER_ROLES: ReadonlySet<Role> = new Set<Role>(['os:reader']);
const LOCAL_ROOT_ROLES: ReadonlySet<string> = new Set(['os:operator']);
const LOCAL_ROOT_METHODS: ReadonlySet<string> = new Set(['/machine.MachineService/Reboot', '/machine.MachineService/Shutdown']);

/** Admits what /sbin/reboot and /sbin/poweroff ask, at any stage, and nothing else. Headers say nothing about a caller without apid. */
export const authorizeLocalRoot: Authorize = ({ method }) => {
  if (LOCAL_ROOT_METHODS.has(method)) return LOCAL_ROOT_ROLES;
  const names = [...LOCAL_ROOT_METHODS].join(' and ');
  throw new Fault('denied', `not authorized: root of the node may call ${names}; everything else goes through apid`, { method });
};
