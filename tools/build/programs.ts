import { access } from 'node:fs/promises';

/** The programs of a node's bundle, in the order in which a node starts them. */
export const PROGRAMS = ['machined', 'networkd', 'apid', 'trustd'] as const;

/** The name of one program of the bundle. */
export type Program = (typeof PROGRAMS)[number];

/** Flags of Node in the image; none of them changes V8's flag hash, so the code caches stay valid. */
export const NODE_FLAGS = [
  '--max-semi-space-size=1',
  '--max-old-space-size=80',
  '--v8-pool-size=1',
  '--disable-sigusr1',
] as const;

/** Whether something is at this path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
