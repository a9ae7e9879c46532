import { ServiceStateEvent_Action as Action, type ServiceHealth } from '@minos/api/machine';
import { type Logger, messageOf } from '@minos/base';
import { type State, serviceType } from '@minos/resource';
import { type ControllerFacts, exclusive } from '../controller/controller-facts.ts';
import type { EventLog } from '../event/event-log.ts';
import { timestamp } from '../rpc/timestamp.ts';
import type { ServiceHealth as Health, ServiceSnapshot } from '../service/service-record.ts';
import type { ServiceState } from '../service/service-table.ts';

/** Who publishes the services. */
export const SERVICE_FACTS: ControllerFacts = { name: 'v1alpha1.ServiceController', inputs: [], outputs: exclusive(serviceType) };

const ACTION: Readonly<Record<ServiceState, Action>> = {
  initialized: Action.INITIALIZED,
  waiting: Action.WAITING,
  preparing: Action.PREPARING,
  starting: Action.STARTING,
  running: Action.RUNNING,
  stopping: Action.STOPPING,
  finished: Action.FINISHED,
  failed: Action.FAILED,
  skipped: Action.SKIPPED,
};

/** The health of a service as it goes on the wire. */
export function healthMessage(health: Health): ServiceHealth {
  const { isKnown, isHealthy, message, changedMs } = health;
  return { unknown: !isKnown, healthy: isHealthy, lastMessage: message, lastChange: timestamp(changedMs) };
}

/** Tells every change of a service as an event, and keeps a Service resource for each that runs. */
export function serviceReporter(state: State, events: EventLog, log: Logger): (snapshot: ServiceSnapshot) => void {
  const writer = state.as('v1alpha1.ServiceController');
  let turn: Promise<unknown> = Promise.resolve();
  return (snapshot) => {
    const { id, health, state: serviceState } = snapshot;
    const message = snapshot.events.at(-1)?.message ?? '';
    const event = { service: id, action: ACTION[serviceState], message, health: healthMessage(health) };
    events.publish({ kind: 'service', event });
    const spec = { running: true, healthy: health.isHealthy, unknown: !health.isKnown };
    const write = async (): Promise<unknown> =>
      serviceState === 'running' ? writer.put(serviceType, id, spec) : writer.remove(serviceType, id);
    turn = turn
      .then(write)
      .catch((e: unknown) => log.error({ service: id, err: messageOf(e) }, 'service resource cannot be written'));
  };
}
