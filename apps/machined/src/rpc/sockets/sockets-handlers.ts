import {
  type ConnectRecord,
  NetstatRequest_Filter as Filter,
  type MachineServiceDefinition,
  type NetstatRequest,
} from '@minos/api/machine';
import { Fault } from '@minos/base';
import type { Files } from '@minos/host';
import type { Implementation } from '@minos/rpc';
import { readAttribute } from '../../runtime/read-attribute.ts';
import { type SocketOwner, socketOwners } from '../../sockets/socket-owners.ts';
import { parseSocketTable } from '../../sockets/socket-table.ts';
import type { HandlerDeps } from '../handler-deps.ts';

const NOBODY: SocketOwner = { pid: 0, name: '' };

/** Fields of the request that choose a protocol; each is the name of the file below /proc/net too. */
const PROTOCOLS = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'] as const;

/** Whether a record passes each filter: a socket with another end is connected, one without listens. */
const PASSES: Readonly<Record<Filter, (record: ConnectRecord) => boolean>> = {
  [Filter.ALL]: () => true,
  [Filter.CONNECTED]: ({ remoteport }) => remoteport !== 0,
  [Filter.LISTENING]: ({ remoteport }) => remoteport === 0,
};

/** Netstat: the sockets of the node, from /proc/net. */
export function socketHandlers({
  host,
}: Pick<HandlerDeps, 'host'>): Pick<Implementation<typeof MachineServiceDefinition>, 'Netstat'> {
  return {
    Netstat: async (request) => {
      if ((request.netns?.netns.length ?? 0) > 0) {
        throw new Fault('missing', 'there are no network namespaces of pods on this node: it runs no containers');
      }
      const records = await readSockets(host.files, request);
      const owners = request.feature?.pid === true ? await socketOwners(host.files) : undefined;
      const connectrecord = owners === undefined ? records : records.map((record) => withOwner(record, owners));
      return { messages: [{ metadata: undefined, connectrecord }] };
    },
  };
}

async function readSockets(files: Files, { l4proto, filter }: NetstatRequest): Promise<ConnectRecord[]> {
  const found: ConnectRecord[] = [];
  for (const protocol of PROTOCOLS.filter((name) => l4proto?.[name] === true)) {
    found.push(...parseSocketTable(await readAttribute(files, `/proc/net/${protocol}`), protocol).filter(PASSES[filter]));
  }
  return found;
}

function withOwner(record: ConnectRecord, owners: ReadonlyMap<bigint, SocketOwner>): ConnectRecord {
  return { ...record, process: { ...(owners.get(record.inode) ?? NOBODY) } };
}
