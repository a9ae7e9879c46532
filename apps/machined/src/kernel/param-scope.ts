import type { Platform } from '../runtime/machine.ts';

/** What the namespaces of a container have for themselves: its network, and its System V and POSIX queues (namespaces(7)). */
const OF_CONTAINER = /^proc\.sys\.(net\.|kernel\.(sem|shm\w+|msg\w+|auto_msgmni)$|fs\.mqueue\.)/;

/** Whether a parameter is the node's own: in a container, setting another one would change its host. Pure. */
export function isOwnParam(platform: Platform, id: string): boolean {
  return platform === 'metal' || OF_CONTAINER.test(id);
}
