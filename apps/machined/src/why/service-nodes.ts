import type { Machine } from '../runtime/machine.ts';
import type { RecordedEvent, ServiceSnapshot } from '../service/service-record.ts';
import { metNode, unmetNode, type WaitNode } from './wait-node.ts';

/** A service that has run this long is taken to have got over its failures. */
const SETTLED_MS = 10_000;
const SHOWN_EVENTS = 5;
const FAILURE = /^(?:Process \d+ (?<end>.*)|Failed: (?<reason>.*))$/;

/** Each service that is known, with what it waits for. */
export function serviceNodes(machine: Machine): readonly WaitNode[] {
  return machine.services.list().map((service) => serviceNode(machine, service));
}

function serviceNode({ services, memory, clock }: Machine, service: ServiceSnapshot): WaitNode {
  const { id, state, events } = service;
  const failures = recentFailures(events);
  const last = failures.at(-1);
  const name = `service/${id}`;
  const since = `${Math.round((clock.now() - (events.at(-1)?.atMs ?? clock.now())) / 1000)} s`;
  const more = { evidence: events.slice(-SHOWN_EVENTS).map(eventText), nextCommand: `logs ${id}` };
  const looping = (): WaitNode => unmetNode(name, `service ${id} keeps failing (${failures.length}x): ${last}`, more);
  switch (state) {
    case 'running':
      if (failures.length > 1 && clock.now() - (events.at(-1)?.atMs ?? 0) < SETTLED_MS) return looping();
      return metNode(name, `service ${id} runs and is ready`);
    case 'skipped':
      return metNode(name, `service ${id} is not wanted on this node`);
    case 'failed':
      return unmetNode(name, `service ${id} has given up: ${endOf(events.at(-1)) ?? events.at(-1)?.message}`, more);
    case 'finished':
    case 'initialized':
      if (!memory.value.stopped.includes(id)) {
        return unmetNode(name, `service ${id} is not started yet`, {
          ...more,
          waitsFor: ['sequence/initialize', 'sequence/boot'],
        });
      }
      return unmetNode(name, `service ${id} was stopped by a client`, { ...more, nextCommand: `service ${id} start` });
    case 'stopping':
      return unmetNode(name, `service ${id} does not stop, since ${since}`, more);
    case 'waiting': {
      const waitsFor = services.unmetOf(id);
      if (waitsFor.length > 0) return unmetNode(name, `service ${id} waits`, { ...more, waitsFor });
      return last === undefined ? unmetNode(name, `service ${id} is about to start`, more) : looping();
    }
    case 'preparing':
    case 'starting': {
      const waitsFor = services.unmetOf(id);
      if (waitsFor.length > 0) return unmetNode(name, `service ${id} is started, and waits`, { ...more, waitsFor });
      if (last !== undefined) return looping();
      return unmetNode(name, `service ${id} is started, and does not say that it is ready, since ${since}`, more);
    }
  }
}

/** How it failed since it last was well for a while, or was told to start; oldest first. */
function recentFailures(events: readonly RecordedEvent[]): readonly string[] {
  const failures: string[] = [];
  for (const [i, event] of events.entries()) {
    const previous = events[i - 1];
    const hadSettled = previous?.state === 'running' && event.atMs - previous.atMs >= SETTLED_MS;
    if (hadSettled || event.message === 'Starting service') failures.splice(0);
    const end = event.state === 'waiting' ? endOf(event) : undefined;
    if (end !== undefined) failures.push(end);
  }
  return failures;
}

function endOf(event: RecordedEvent | undefined): string | undefined {
  const groups = FAILURE.exec(event?.message ?? '')?.groups;
  if (groups === undefined) return undefined;
  return groups['reason'] ?? `its process ${groups['end'] ?? ''}`;
}

function eventText({ atMs, state, message }: RecordedEvent): string {
  return `${new Date(atMs).toISOString()} ${state}: ${message}`;
}
