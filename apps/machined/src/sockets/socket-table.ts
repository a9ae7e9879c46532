import { ConnectRecord, ConnectRecord_State as State, ConnectRecord_TimerActive as Timer } from '@minos/api/machine';
import { formatIp } from '@minos/base';

const COLUMNS = {
  local: 1,
  remote: 2,
  state: 3,
  queues: 4,
  timer: 5,
  retransmits: 6,
  uid: 7,
  timeout: 8,
  inode: 9,
  references: 10,
  pointer: 11,
} as const;
const STATES: ReadonlyMap<bigint, State> = new Map(Object.values(State).map((value) => [BigInt(value), value]));
const TIMERS: ReadonlyMap<bigint, Timer> = new Map(Object.values(Timer).map((value) => [BigInt(value), value]));

/**
 * Parses one of /proc/net/{tcp,udp,udplite,raw}[6] (Documentation/networking/proc_net_tcp.rst); `protocol` is the name of the
 * file. A line that is none is left out. Pure; never throws.
 */
export function parseSocketTable(text: string, protocol: string): ConnectRecord[] {
  return text
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length > COLUMNS.inode)
    .flatMap((fields) => recordOf(fields, protocol) ?? []);
}

function recordOf(fields: readonly string[], protocol: string): ConnectRecord | undefined {
  const at = (column: keyof typeof COLUMNS): string => fields[COLUMNS[column]] ?? '';
  const local = parseEndpoint(at('local'));
  const remote = parseEndpoint(at('remote'));
  if (local === undefined || remote === undefined) return undefined;
  const [txQueue = '', rxQueue = ''] = at('queues').split(':');
  const [timer = '', timerWhen = ''] = at('timer').split(':');
  return ConnectRecord.fromPartial({
    l4proto: protocol,
    localip: local.ip,
    localport: local.port,
    remoteip: remote.ip,
    remoteport: remote.port,
    state: STATES.get(hex(at('state'))) ?? State.RESERVED,
    txqueue: hex(txQueue),
    rxqueue: hex(rxQueue),
    tr: TIMERS.get(hex(timer)) ?? Timer.OFF,
    timerwhen: hex(timerWhen),
    retrnsmt: hex(at('retransmits')),
    uid: Number(decimal(at('uid'))),
    timeout: decimal(at('timeout')),
    inode: decimal(at('inode')),
    ref: decimal(at('references')),
    pointer: hex(at('pointer')),
  });
}

interface Endpoint {
  readonly ip: string;
  readonly port: number;
}

/** `0100007F:1F90`: words of four bytes, each in the order of this machine (little-endian), and the port. */
function parseEndpoint(text: string): Endpoint | undefined {
  const [address = '', port = ''] = text.split(':');
  if (!/^([0-9A-F]{8}|[0-9A-F]{32})$/i.test(address) || !/^[0-9A-F]{4}$/i.test(port)) return undefined;
  const bytes = Buffer.from(address, 'hex');
  bytes.swap32();
  return { ip: formatIp(bytes), port: Number.parseInt(port, 16) };
}

function hex(text: string): bigint {
  return /^[0-9a-f]+$/i.test(text) ? BigInt(`0x${text}`) : 0n;
}

function decimal(text: string): bigint {
  return /^\d+$/.test(text) ? BigInt(text) : 0n;
}
