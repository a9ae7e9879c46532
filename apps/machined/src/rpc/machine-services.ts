import { ClusterServiceDefinition } from '@minos/api/cluster';
import { InspectServiceDefinition } from '@minos/api/inspect';
import {
  DebugServiceDefinition,
  ImageServiceDefinition,
  LifecycleServiceDefinition,
  LVMServiceDefinition,
  MachineServiceDefinition,
  StorageServiceDefinition as MachineStorageServiceDefinition,
  MDServiceDefinition,
} from '@minos/api/machine';
import { ConfigServiceDefinition, DiagnosisServiceDefinition } from '@minos/api/minos';
import { StorageServiceDefinition } from '@minos/api/storage';
import { TimeServiceDefinition } from '@minos/api/time';
import { allResourceTypes, bindStateService, outsidePolicy, type YamlValue } from '@minos/resource';
import { type BoundService, bindService } from '@minos/rpc';
import type { PowerControl } from '../power/power-control.ts';
import type { Machine } from '../runtime/machine.ts';
import type { SequenceRunner } from '../sequence/sequence-runner.ts';
import { aboutHandlers } from './about.ts';
import { applyHandlers } from './apply-configuration.ts';
import { clientConfigHandlers } from './client-config/client-config-handlers.ts';
import { configHandlers } from './config/config-handlers.ts';
import { planHandler } from './config/plan-handler.ts';
import { containerHandlers } from './containers/containers-handlers.ts';
import { diagnosisHandlers } from './diagnosis/diagnosis-handlers.ts';
import { eventHandlers } from './events.ts';
import { fileHandlers } from './files/files-handlers.ts';
import { healthHandlers } from './health/health-handlers.ts';
import { inspectHandlers } from './inspect/inspect-handlers.ts';
import { kernelHandlers } from './kernel/kernel-handlers.ts';
import { logHandlers } from './logs.ts';
import { metaHandlers } from './meta/meta-handlers.ts';
import { packetHandlers } from './packets/packets-handlers.ts';
import { powerHandlers } from './power.ts';
import { processHandlers } from './processes/processes-handlers.ts';
import { refusedHandlers } from './refused/refused-handlers.ts';
import { serviceHandlers } from './services.ts';
import { socketHandlers } from './sockets/sockets-handlers.ts';
import { statsHandlers } from './stats/stats-handlers.ts';
import { statfsHandlers, storageHandlers } from './storage/storage-handlers.ts';
import { timeHandlers } from './time/time-handlers.ts';

/** What the services of machine.sock are bound to. */
export interface MachineServicesOptions {
  readonly machine: Machine;
  readonly power: PowerControl;
  readonly sequences: SequenceRunner<Machine>;
  readonly emitYaml: (value: YamlValue) => string;
  /** Aborted when machined stops: streams end, what calls began goes on until then. */
  readonly lifetime: AbortSignal;
}

/** Every service that machined answers; methods without a handler answer UNIMPLEMENTED with a sentence. */
export function machineServices(options: MachineServicesOptions): readonly BoundService[] {
  const { machine, power, sequences, emitYaml, lifetime } = options;
  const { state } = machine;
  const streaming = AbortSignal.any([lifetime, machine.streamsEnd.signal]);
  return [
    bindService(MachineServiceDefinition, {
      ...aboutHandlers(machine),
      ...fileHandlers(machine),
      ...statsHandlers(machine),
      ...processHandlers(machine),
      ...kernelHandlers(machine),
      ...serviceHandlers(machine, lifetime),
      ...logHandlers(machine.logs, streaming),
      ...eventHandlers(machine.events, streaming),
      ...powerHandlers(machine, power),
      ...applyHandlers({ machine, power, lifetime, progress: sequences.progress }),
      ...socketHandlers(machine),
      ...packetHandlers(machine, streaming),
      ...containerHandlers(machine),
      ...clientConfigHandlers(machine),
      ...metaHandlers(machine),
      ...refusedHandlers(machine),
    }),
    bindStateService({ state, types: allResourceTypes, policy: outsidePolicy(), emitYaml, until: streaming }),
    bindService(ConfigServiceDefinition, { ...configHandlers(machine), ...planHandler(machine) }),
    bindService(DiagnosisServiceDefinition, diagnosisHandlers(machine, sequences.progress)),
    bindService(ClusterServiceDefinition, healthHandlers(machine)),
    bindService(InspectServiceDefinition, inspectHandlers()),
    bindService(StorageServiceDefinition, storageHandlers(machine.host.files)),
    bindService(TimeServiceDefinition, timeHandlers(machine)),
    bindService(DebugServiceDefinition, {}),
    bindService(ImageServiceDefinition, {}),
    bindService(LVMServiceDefinition, {}),
    bindService(LifecycleServiceDefinition, {}),
    bindService(MDServiceDefinition, {}),
    bindService(MachineStorageServiceDefinition, statfsHandlers(machine.host.files)),
  ];
}
