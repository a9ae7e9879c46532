import { Event } from '@minos/api/machine';
import { Fault } from '@minos/base';
import type { EventLog } from '../event/event-log.ts';
import type { MachineHandlers } from './machine-handlers.ts';

/** Events: one empty message at once, then the past that was asked for, then each event as it happens; no heartbeats. */
export function eventHandlers(events: EventLog, lifetime: AbortSignal): MachineHandlers {
  return {
    Events: async function* ({ tailEvents, tailId, tailSeconds, withActorId }, context) {
      const query = { tailEvents, tailId, tailSeconds, actorId: withActorId };
      const stream = events.read(query, AbortSignal.any([context.signal, lifetime]));
      yield Event.fromPartial({});
      for await (const { id, actorId, data } of stream) yield { metadata: undefined, data, id, actorId };
      if (lifetime.aborted) throw new Fault('unavailable', 'the node is stopping');
    },
  };
}
