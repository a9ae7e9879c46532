export type { DeepPartial } from './gen/common/common.ts';
export { isRole, parseRoles, ROLES, type Role, type RoleSet, roleNames } from './role.ts';
