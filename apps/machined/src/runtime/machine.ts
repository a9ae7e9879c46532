import type { Clock, Logger, Release } from '@minos/base';
import type { Host, Supervisor } from '@minos/host';
import type { MemoryState } from '@minos/resource';
import type { MemoryWatch } from '../cgroup/memory-watch.ts';
import type { NodeIdentity } from '../cluster/node-identity.ts';
import type { EventLog } from '../event/event-log.ts';
import type { FlightRecorder } from '../flight/flight-recorder.ts';
import type { LogBook } from '../logs/log-book.ts';
import type { MetaStore } from '../meta/meta-store.ts';
import type { ConfigKeeper } from '../node-config/config-keeper.ts';
import type { ServiceDefinition } from '../service/service-definition.ts';
import type { ServiceManager } from '../service/service-manager.ts';
import type { MachineStatusKeeper } from '../status/machine-status.ts';
import type { DaemonName } from './daemon-access.ts';
import type { Paths } from './paths.ts';
import type { RestartMemory } from './restart-memory.ts';

/** `container`: in namespaces, with all mounts made by a holder outside. `metal`: a machine of its own. */
export type Platform = 'container' | 'metal';

/** Who machined is. */
export interface MachinedRelease extends Release {
  readonly runtimeVersion: string;
}

/** The parts of the running node that tasks, controllers and calls work with. */
export interface Machine {
  readonly host: Host;
  readonly clock: Clock;
  readonly log: Logger;
  readonly platform: Platform;
  readonly release: MachinedRelease;
  readonly paths: Paths;
  readonly supervisor: Supervisor;
  readonly state: MemoryState;
  readonly events: EventLog;
  readonly logs: LogBook;
  readonly recorder: FlightRecorder;
  readonly services: ServiceManager;
  readonly definitions: Readonly<Record<DaemonName, ServiceDefinition>>;
  readonly status: MachineStatusKeeper;
  readonly config: ConfigKeeper;
  readonly identity: NodeIdentity;
  readonly memory: RestartMemory;
  readonly serviceMemory: MemoryWatch;
  readonly meta: MetaStore;
  /** Aborted when the machine goes down: what streams to clients ends, so that apid need not wait for it. */
  readonly streamsEnd: AbortController;
  /** Files under /etc are mounts of ours; not in a simulation or a run without root. */
  readonly mayMount: boolean;
  /** What machined itself logs, where it does not come back through init. */
  readonly ownLines: AsyncIterable<Buffer> | undefined;
}
