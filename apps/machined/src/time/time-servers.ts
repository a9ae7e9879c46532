import { TimeServerStatusSpec } from '@minos/api/resource-specs';
import { type MachineConfig, textsAt, valueAt } from '@minos/config';

/** Where a node without other wishes gets its time from. */
export const DEFAULT_TIME_SERVERS: readonly string[] = ['time.cloudflare.com'];

/** The time servers that a configuration names, in either of the two ways; the default ones when it names none. Pure. */
export function timeServersOf(config: Pick<MachineConfig, 'documents'> | undefined): TimeServerStatusSpec {
  const documents = config?.documents ?? [];
  const ntp = valueAt(documents.find(({ kind }) => kind === 'TimeSyncConfig')?.value, 'ntp');
  const legacy = documents.find(({ kind }) => kind === 'v1alpha1')?.value;
  const named = [textsAt(ntp, 'servers'), textsAt(legacy, 'machine', 'time', 'servers')].find(({ length }) => length > 0);
  return TimeServerStatusSpec.fromPartial({
    ntpServers: [...(named ?? DEFAULT_TIME_SERVERS)],
    useNts: valueAt(ntp, 'useNTS') === true,
  });
}
