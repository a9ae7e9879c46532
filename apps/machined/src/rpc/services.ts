import type { ServiceInfo } from '@minos/api/machine';
import { Fault, messageOf } from '@minos/base';
import type { Machine } from '../runtime/machine.ts';
import type { ServiceSnapshot } from '../service/service-record.ts';
import { STATE_TEXT } from '../service/service-table.ts';
import { healthMessage } from '../status/service-status.ts';
import type { MachineHandlers } from './machine-handlers.ts';
import { timestamp } from './timestamp.ts';

const OWN_ID = 'machined';
/** Time for the answer to leave before apid, through which it goes, is restarted. */
const ANSWER_MS = 200;

/** ServiceList, ServiceStart, ServiceStop and ServiceRestart. `lifetime` outlives the calls: what was begun is finished although the caller is gone. */
export function serviceHandlers(machine: Machine, lifetime: AbortSignal): MachineHandlers {
  const { services, memory } = machine;
  const started = machine.clock.now();
  const setStopped = (id: string, isStopped: boolean): Promise<void> => {
    const others = memory.value.stopped.filter((other) => other !== id);
    return memory.update({ stopped: isStopped ? [...others, id] : others });
  };
  return {
    ServiceList: async () => ({
      messages: [{ metadata: undefined, services: [ownInfo(started), ...services.list().map(infoOf)].sort(byId) }],
    }),
    ServiceStart: async ({ id }) => {
      if (id !== OWN_ID) {
        services.start(id);
        await setStopped(id, false);
      }
      return { messages: [{ metadata: undefined, resp: `Service "${id}" started` }] };
    },
    ServiceStop: async ({ id }) => {
      if (id === OWN_ID) throw new Fault('denied', 'machined cannot be stopped: it runs the node; use shutdown or reboot');
      if (!services.mayStop(id)) {
        throw new Fault(
          'denied',
          `service "${id}" cannot be stopped: the node could not be reached any more; restart it instead`,
        );
      }
      await setStopped(id, true);
      await services.stop(id, lifetime);
      return { messages: [{ metadata: undefined, resp: `Service "${id}" stopped` }] };
    },
    ServiceRestart: async ({ id }) => {
      if (id === OWN_ID) throw new Fault('denied', 'machined cannot be restarted by a call; use reboot');
      await setStopped(id, false);
      if (services.mayStop(id)) await services.restart(id, lifetime);
      else restartSoon(machine, id, lifetime);
      return { messages: [{ metadata: undefined, resp: `Service "${id}" restarted` }] };
    },
  };
}

/** Restarts the service through which the answer has to go, once it is gone. */
function restartSoon({ services, clock, log }: Machine, id: string, lifetime: AbortSignal): void {
  clock
    .sleep(ANSWER_MS, lifetime)
    .then(() => services.restart(id, lifetime))
    .catch((e: unknown) => log.warn({ service: id, err: messageOf(e) }, 'service was not restarted'));
}

function infoOf({ id, state, events, health }: ServiceSnapshot): ServiceInfo {
  return {
    id,
    state: STATE_TEXT[state],
    events: {
      events: events.map((event) => ({ msg: event.message, state: STATE_TEXT[event.state], ts: timestamp(event.atMs) })),
    },
    health: healthMessage(health),
  };
}

/** machined itself: whoever reads this knows that it runs. */
function ownInfo(startedMs: number): ServiceInfo {
  const health = { isKnown: true, isHealthy: true, message: '', changedMs: startedMs };
  const events = [{ message: 'Service started as the brain of the node', state: 'running', atMs: startedMs }] as const;
  return infoOf({ id: OWN_ID, state: 'running', pid: undefined, events, health });
}

function byId(a: ServiceInfo, b: ServiceInfo): number {
  return a.id < b.id ? -1 : 1;
}
