import { Fault } from '@minos/base';
import type { CallMetadata } from '@minos/rpc';
import type { LogBook } from '../logs/log-book.ts';
import type { MachineHandlers } from './machine-handlers.ts';

const SYSTEM_NAMESPACE = 'system';

/** Logs and LogsContainers. */
export function logHandlers(logs: LogBook, lifetime: AbortSignal): MachineHandlers {
  return {
    Logs: async function* ({ namespace, id, follow, tailLines }, context) {
      const sinceMs = readSince(context.metadata);
      if (namespace !== SYSTEM_NAMESPACE && namespace !== '') {
        throw new Fault(
          'unimplemented',
          `there are no containers in namespace ${namespace} on this node yet; the logs of services are in namespace system`,
        );
      }
      const signal = AbortSignal.any([context.signal, lifetime]);
      for await (const bytes of logs.read(id, { tailLines, follow, ...(sinceMs === undefined ? {} : { sinceMs }) }, signal))
        yield { metadata: undefined, bytes };
      if (lifetime.aborted) throw new Fault('unavailable', 'the node is stopping');
    },
    LogsContainers: async () => ({ messages: [{ metadata: undefined, ids: logs.ids() }] }),
  };
}

/** Asks for what came since a time, as the wire of the compatible system has no field for it. */
const SINCE_HEADER = 'minos-log-since';

/** Milliseconds since 1970 of the header, RFC 3339; undefined without it, `invalid` when it is no time. */
function readSince(metadata: CallMetadata): number | undefined {
  const text = metadata.first(SINCE_HEADER);
  if (text === undefined) return undefined;
  const ms = Date.parse(text);
  if (Number.isNaN(ms))
    throw new Fault('invalid', `${SINCE_HEADER} is a time such as 2026-01-02T03:04:05Z, not "${text.slice(0, 40)}"`);
  return ms;
}
