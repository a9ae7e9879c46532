import type { SpawnSpec } from '@minos/host';
import type { Condition } from '../condition/condition.ts';

/** Everything about one supervised service. */
export interface ServiceDefinition {
  readonly id: string;
  /** Services that must be up before it starts, and that stop after it. */
  readonly dependsOn: readonly string[];
  /** What else must hold before it starts. */
  readonly conditions: readonly Condition[];
  /** What its process waits for by itself before it is ready: it is told, and holds up no start. */
  readonly awaits: readonly Condition[];
  /** Makes what the process needs: directories, its socket to the state. */
  readonly prepare: (signal: AbortSignal) => Promise<void>;
  readonly spawnSpec: () => SpawnSpec;
  /** A client may stop it. */
  readonly mayStop: boolean;
  /** Time from SIGTERM to SIGKILL, in milliseconds. */
  readonly graceMs: number;
}
