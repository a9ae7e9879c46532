import type { TimeResponse, TimeServiceDefinition } from '@minos/api/time';
import { type Clock, Fault } from '@minos/base';
import { type StateReader, timeServerStatusType } from '@minos/resource';
import type { Implementation } from '@minos/rpc';
import { queryNtp } from '../../time/query-ntp.ts';
import { timestamp } from '../timestamp.ts';

const TIMEOUT_MS = 5000;

/** Time asks the node's own time server, TimeCheck a given one. */
export function timeHandlers(deps: {
  readonly clock: Clock;
  readonly state: StateReader;
}): Implementation<typeof TimeServiceDefinition> {
  const ask = async (server: string, signal: AbortSignal): Promise<TimeResponse> => {
    const { localMs, remoteMs } = await queryNtp({ server, timeoutMs: TIMEOUT_MS, clock: deps.clock }, signal);
    const localtime = timestamp(localMs);
    return { messages: [{ metadata: undefined, server, localtime, remotetime: timestamp(remoteMs) }] };
  };
  return {
    Time: async (_request, { signal }) => {
      const status = await deps.state.get(timeServerStatusType, 'timeservers');
      const [server] = status?.spec.ntpServers ?? [];
      if (server === undefined) throw new Fault('precondition', 'no time server is configured; name one');
      return ask(server, signal);
    },
    TimeCheck: async ({ server }, { signal }) => ask(server, signal),
  };
}
