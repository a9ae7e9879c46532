export { appendInfo, buildError, type NodeError, namedParts, type ReplyKind } from './fan-out.ts';
export type { DeepPartial } from './gen/common/common.ts';
export { grpcCodeName, grpcErrorText } from './grpc-code.ts';
export { isAllowed, type MethodDaemon, type MethodKind, type MethodRow, type NodeStage } from './method-row.ts';
export { allMethodRows, isStreamedInFanOut, mayFanOut, methodRow } from './method-table.ts';
export { isRole, parseRoles, ROLES, type Role, type RoleSet, roleNames } from './role.ts';
