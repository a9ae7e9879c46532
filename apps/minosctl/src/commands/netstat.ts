import {
  type ConnectRecord,
  NetstatRequest_Filter as Filter,
  type Netstat,
  NetstatRequest,
  ConnectRecord_State as State,
  ConnectRecord_TimerActive as Timer,
} from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';
import type { Row } from '../output/table.ts';

/** Options of netstat. */
export interface NetstatOptions {
  readonly all: boolean;
  readonly listening: boolean;
  readonly tcp: boolean;
  readonly udp: boolean;
  readonly udplite: boolean;
  readonly raw: boolean;
  readonly ipv4: boolean;
  readonly ipv6: boolean;
  readonly programs: boolean;
  readonly extend: boolean;
  readonly timers: boolean;
}

const FAMILIES = ['tcp', 'udp', 'udplite', 'raw'] as const;
const STATES = new Map<number, string>(Object.entries(State).map(([name, value]) => [value, name]));
const TIMERS = new Map<number, string>(Object.entries(Timer).map(([name, value]) => [value, name.toLowerCase()]));

/** Lists the sockets of the nodes. */
export const netstat: RunCommand<NetstatOptions> = unaryTable<NetstatOptions, Netstat>({
  ask: (machine, options, call) => machine.Netstat(netstatRequest(call.options), options),
  heading: ({ options }) => [
    'PROTO',
    'RECV-Q',
    'SEND-Q',
    'LOCAL ADDRESS',
    'FOREIGN ADDRESS',
    'STATE',
    ...(options.extend ? ['UID', 'INODE'] : []),
    ...(options.programs ? ['PID/PROGRAM NAME'] : []),
    ...(options.timers ? ['TIMER'] : []),
  ],
  rows: ({ connectrecord }, { options }) => connectrecord.map((record) => socketRow(record, options)),
});

/** What to ask for: connected sockets of TCP and UDP unless told otherwise; pure. */
export function netstatRequest(options: NetstatOptions): NetstatRequest {
  const chosen = FAMILIES.filter((family) => options[family]);
  const families = chosen.length > 0 ? chosen : (['tcp', 'udp'] as const);
  const both = options.ipv4 === options.ipv6;
  const l4proto = Object.fromEntries(
    families.flatMap((family) => [
      [family, both || options.ipv4],
      [`${family}6`, both || options.ipv6],
    ]),
  );
  const filter = options.all ? Filter.ALL : options.listening ? Filter.LISTENING : Filter.CONNECTED;
  return NetstatRequest.fromPartial({ filter, feature: { pid: options.programs }, l4proto, netns: { hostnetwork: true } });
}

function socketRow(record: ConnectRecord, options: NetstatOptions): Row {
  const { process } = record;
  return [
    record.l4proto,
    String(record.rxqueue),
    String(record.txqueue),
    `${record.localip}:${portText(record.localport)}`,
    `${record.remoteip}:${portText(record.remoteport)}`,
    record.state === State.CLOSE ? '' : (STATES.get(record.state) ?? ''),
    ...(options.extend ? [String(record.uid), String(record.inode)] : []),
    ...(options.programs ? [process === undefined || process.pid === 0 ? '-' : `${process.pid}/${process.name}`] : []),
    ...(options.timers
      ? [`${TIMERS.get(record.tr) ?? ''} (${Number(record.timerwhen) / 100}/${record.retrnsmt}/${record.timeout})`]
      : []),
  ];
}

function portText(port: number): string {
  return port === 0 ? '*' : String(port);
}
