import { Fault } from '@minos/base';
import type { LogBook } from '../logs/log-book.ts';
import type { MachineHandlers } from './machine-handlers.ts';

const SYSTEM_NAMESPACE = 'system';

/** Logs and LogsContainers. */
export function logHandlers(logs: LogBook, lifetime: AbortSignal): MachineHandlers {
  return {
    Logs: async function* ({ namespace, id, follow, tailLines }, context) {
      if (namespace !== SYSTEM_NAMESPACE && namespace !== '') {
        throw new Fault(
          'unimplemented',
          `there are no containers in namespace ${namespace} on this node yet; the logs of services are in namespace system`,
        );
      }
      const signal = AbortSignal.any([context.signal, lifetime]);
      for await (const bytes of logs.read(id, { tailLines, follow }, signal)) yield { metadata: undefined, bytes };
      if (lifetime.aborted) throw new Fault('unavailable', 'the node is stopping');
    },
    LogsContainers: async () => ({ messages: [{ metadata: undefined, ids: logs.ids() }] }),
  };
}
