import type { SpawnSpec } from '../../port/supervisor.ts';
import { encodeSpawn } from './codec.ts';

/** The bytes of a file of processes that init starts before machined (rootfs/init/README.md, "Early starts"). Throws `invalid` as `encodeSpawn` does. */
export function earlyFile(specs: readonly SpawnSpec[]): Buffer {
  return Buffer.concat(specs.map((spec) => encodeSpawn(0, spec)));
}
