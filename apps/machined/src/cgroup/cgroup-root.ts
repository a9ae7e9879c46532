/** Where cgroup v2 is mounted in a node. */
export const CGROUP_ROOT = '/sys/fs/cgroup';
