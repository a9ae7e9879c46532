import { isAllowed, methodRow, type NodeStage, parseRoles } from '@minos/api';
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
