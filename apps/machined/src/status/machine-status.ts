import { MachineStatusEvent } from '@minos/api/machine';
import { MachineStatusSpec, NetworkStatusSpec, RuntimeMachineStage as Stage } from '@minos/api/resource-specs';
import { machineStatusType, networkStatusType, type State } from '@minos/resource';
import { type ControllerFacts, exclusive, strong } from '../controller/controller-facts.ts';
import type { EventLog } from '../event/event-log.ts';
import type { ServiceSnapshot } from '../service/service-record.ts';

/** Who publishes the status of the machine. */
export const MACHINE_STATUS_FACTS: ControllerFacts = {
  name: 'runtime.MachineStatusController',
  inputs: strong(networkStatusType),
  outputs: exclusive(machineStatusType),
};

/** Why the machine is not ready. */
export interface UnmetCondition {
  readonly name: string;
  readonly reason: string;
}

/** What readiness is judged by. */
export interface ReadinessInput {
  readonly stage: Stage;
  readonly network: NetworkStatusSpec | undefined;
  readonly areEtcFilesWritten: boolean;
  readonly services: readonly Pick<ServiceSnapshot, 'id' | 'state' | 'health'>[];
}

/** What is still missing for the machine to be ready; pure. */
export function unmetConditions(input: ReadinessInput): readonly UnmetCondition[] {
  const network = networkReasons(input);
  const services = input.services
    .filter(({ state, health }) => state !== 'skipped' && !(state === 'running' && health.isHealthy))
    .map(({ id, state }) => `${id} ${state === 'running' ? 'not healthy' : 'not running'}`);
  return [
    ...(network.length === 0 ? [] : [{ name: 'network', reason: network.join(', ') }]),
    ...(services.length === 0 ? [] : [{ name: 'services', reason: services.join(', ') }]),
  ];
}

function networkReasons({ network, areEtcFilesWritten }: ReadinessInput): string[] {
  return [
    ...(network?.addressReady === true ? [] : ['address']),
    ...(network?.hostnameReady === true ? [] : ['hostname']),
    ...(areEtcFilesWritten ? [] : ['etc files']),
  ];
}

/** Keeps the MachineStatus resource, and tells each change as an event. */
export class MachineStatusKeeper {
  readonly #state: State;
  readonly #events: EventLog;
  #services: () => readonly ServiceSnapshot[] = () => [];
  #stage: Stage = Stage.MACHINE_STAGE_BOOTING;
  #network: NetworkStatusSpec | undefined;
  #areEtcFilesWritten = false;
  #last = '';
  #turn: Promise<void> = Promise.resolve();

  constructor(state: State, events: EventLog) {
    this.#state = state;
    this.#events = events;
  }

  get stage(): Stage {
    return this.#stage;
  }

  /** Whether the files under /etc say what the network says. */
  get areEtcFilesWritten(): boolean {
    return this.#areEtcFilesWritten;
  }

  /** Tells it where to look at services. */
  useServices(services: () => readonly ServiceSnapshot[]): void {
    this.#services = services;
  }

  setStage(stage: Stage): Promise<void> {
    this.#stage = stage;
    return this.refresh();
  }

  /** A node that was booted before this start of machined has a network until somebody says otherwise. */
  assumeNetwork(): void {
    this.#network ??= NetworkStatusSpec.fromPartial({ addressReady: true, hostnameReady: true });
    this.#areEtcFilesWritten = true;
  }

  /** The files under /etc say what the network says. */
  setEtcFilesWritten(): Promise<void> {
    this.#areEtcFilesWritten = true;
    return this.refresh();
  }

  /** Follows the network until aborted. */
  async followNetwork(signal: AbortSignal): Promise<void> {
    for await (const event of this.#state.watch(networkStatusType, { id: 'status' }, signal)) {
      if (event.kind === 'bootstrapped') continue;
      this.#network = event.kind === 'destroyed' ? undefined : event.resource.spec;
      await this.refresh();
    }
  }

  /** As `refresh`, for those that cannot wait. */
  refreshSoon(): void {
    this.refresh().catch(() => undefined);
  }

  /** Judges again, and tells when something is different. */
  refresh(): Promise<void> {
    this.#turn = this.#turn.catch(() => undefined).then(() => this.#publish());
    return this.#turn;
  }

  async #publish(): Promise<void> {
    const isRunning = this.#stage === Stage.MACHINE_STAGE_RUNNING;
    const input = {
      stage: this.#stage,
      network: this.#network,
      areEtcFilesWritten: this.#areEtcFilesWritten,
      services: this.#services(),
    };
    const unmet = unmetConditions(input);
    const status = { ready: isRunning && unmet.length === 0, unmetConditions: isRunning ? [...unmet] : [] };
    const text = JSON.stringify([this.#stage, status]);
    if (text === this.#last) return;
    this.#last = text;
    const spec = MachineStatusSpec.fromPartial({ stage: this.#stage, status });
    await this.#state.as('runtime.MachineStatusController').put(machineStatusType, 'machine', spec);
    this.#events.publish({ kind: 'machine-status', event: MachineStatusEvent.fromPartial({ stage: this.#stage, status }) });
  }
}
