import type { Capability, Files, SpawnSpec } from '@minos/host';
import {
  apiCertificatesType,
  apiServiceConfigType,
  networkStatusType,
  osRootType,
  type State,
  trustdCertificatesType,
} from '@minos/resource';
import { type Condition, resourceCondition } from '../condition/condition.ts';
import type { ServiceDefinition } from '../service/service-definition.ts';
import { DAEMON_UID, type DaemonName } from './daemon-access.ts';
import type { Platform } from './machine.ts';
import type { Paths } from './paths.ts';
import type { RuntimeSockets } from './runtime-sockets.ts';

/** What defining the services needs. */
export interface ServiceListOptions {
  readonly files: Files;
  readonly paths: Paths;
  readonly state: State;
  readonly sockets: RuntimeSockets;
  readonly platform: Platform;
}

/** What every node has, whatever its configuration says: init starts these before machined, as the image tells it to. */
export const EARLY_SERVICES: readonly DaemonName[] = ['networkd', 'apid'];

const CAPABILITIES: Readonly<Record<DaemonName, readonly Capability[]>> = {
  networkd: ['NET_ADMIN', 'NET_RAW'],
  apid: [],
  trustd: [],
};
const OPEN_FILES = 65_536;
const OOM_SCORE = -998;
const GRACE_MS = 15_000;
/** Sticky: the daemon makes its own socket here and cannot move machined's. */
const DAEMON_DIRECTORY_MODE = 0o1770;

/** The services of a node. */
export function serviceDefinitions(options: ServiceListOptions): Readonly<Record<DaemonName, ServiceDefinition>> {
  const { state } = options;
  return {
    networkd: define('networkd', {}, options),
    // Neither waits for networkd itself: what it made outlives it, and a node whose networkd fails must be reachable.
    // apid is started ahead of what it needs, so that its program is loaded by then.
    apid: define('apid', { awaits: apidConditions(state) }, options),
    trustd: define('trustd', { conditions: trustdConditions(state) }, options),
  };
}

function apidConditions(state: State): readonly Condition[] {
  return [
    resourceCondition({ state, type: apiCertificatesType, id: 'api', description: 'api certificates' }),
    resourceCondition({ state, type: apiServiceConfigType, id: 'apid', description: 'api service configuration' }),
  ];
}

function trustdConditions(state: State): readonly Condition[] {
  return [
    resourceCondition({ state, type: trustdCertificatesType, id: 'trustd', description: 'trustd certificates' }),
    resourceCondition({ state, type: osRootType, id: 'os', description: 'secrets of the machine' }),
    resourceCondition({
      state,
      type: networkStatusType,
      id: 'status',
      description: 'address and host name',
      isMet: (status) => status.addressReady && status.hostnameReady,
    }),
  ];
}

function define(
  id: DaemonName,
  { conditions = [], awaits = [] }: Partial<Pick<ServiceDefinition, 'conditions' | 'awaits'>>,
  { files, paths, sockets, platform }: ServiceListOptions,
): ServiceDefinition {
  return {
    id,
    dependsOn: [],
    conditions,
    awaits,
    prepare: async () => {
      await files.makeDirectory(paths.daemonDirectory(id), { mode: DAEMON_DIRECTORY_MODE, uid: 0, gid: DAEMON_UID[id] });
      await sockets.open(id);
    },
    spawnSpec: () => spawnSpecOf(id, platform),
    mayStop: id !== 'apid',
    graceMs: GRACE_MS,
  };
}

/** With what the process of a service is started. */
export function spawnSpecOf(id: DaemonName, platform: Platform): SpawnSpec {
  // In a container the node may raise no limit; what its holder gave it stands.
  const isOwnMachine = platform === 'metal';
  return {
    id,
    // One executable, which becomes the program by whose name it is started; its flags are inside it.
    argv: [`/sbin/${id}`],
    env: { PATH: '/usr/bin:/sbin', READY_FD: '3' },
    uid: DAEMON_UID[id],
    gid: DAEMON_UID[id],
    groups: [],
    capabilities: CAPABILITIES[id],
    cgroup: { path: `system/${id}`, demand: 'best-effort' },
    noFile: isOwnMachine ? OPEN_FILES : undefined,
    oomScoreAdj: isOwnMachine ? OOM_SCORE : undefined,
  };
}
