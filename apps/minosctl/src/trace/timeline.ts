import { printable, type Row, tableText } from '../output/table.ts';
import type { HopTimes } from './hop-times.ts';

/** One call of a command; milliseconds since the command began. */
export interface TracedCall {
  readonly node: string;
  readonly method: string;
  readonly sentMs: number;
  firstMs: number | undefined;
  lastMs: number | undefined;
  error: string | undefined;
  hops: readonly HopTimes[];
}

/** How the connection to the endpoint was made; milliseconds since the command began. */
export interface TracedConnection {
  readonly endpoint: string;
  readonly startedMs: number;
  tcpMs: number | undefined;
  readyMs: number | undefined;
}

interface TimelineEvent {
  readonly atMs: number;
  readonly node: string;
  readonly hop: string;
  readonly what: string;
}

/**
 * One table of all that happened, in order. No clock is compared with another: what a hop measured is put into the middle of
 * what the hop before it measured around it. Pure.
 */
export function timelineText(connection: TracedConnection, calls: readonly TracedCall[]): string {
  const events = [...connectionEvents(connection), ...calls.flatMap((call) => callEvents(call, connection.readyMs ?? 0))];
  const rows: Row[] = events
    .toSorted((a, b) => a.atMs - b.atMs)
    .map(({ atMs, node, hop, what }) => [atMs.toFixed(1).padStart(8), node, hop, what].map(printable));
  return tableText(['      MS', 'NODE', 'HOP', 'WHAT'], rows);
}

function connectionEvents({ endpoint, startedMs, tcpMs, readyMs }: TracedConnection): TimelineEvent[] {
  const hop = `you → ${endpoint}`;
  const event = (atMs: number | undefined, what: string): TimelineEvent[] =>
    atMs === undefined ? [] : [{ atMs, node: '', hop, what }];
  return [...event(startedMs, 'connect'), ...event(tcpMs, 'TCP connected'), ...event(readyMs, 'TLS and HTTP/2 ready')];
}

function callEvents(call: TracedCall, readyMs: number): TimelineEvent[] {
  const { node, method, sentMs, firstMs, lastMs, error, hops } = call;
  const own = (atMs: number | undefined, what: string): TimelineEvent[] =>
    atMs === undefined ? [] : [{ atMs, node, hop: 'you → endpoint', what }];
  const end = error === undefined ? 'last byte' : `failed: ${error}`;
  const outer = hops.filter((hop) => hop.at === undefined);
  const toMs = lastMs ?? sentMs;
  // The first call waits for the connection.
  const around = { fromMs: Math.max(sentMs, Math.min(readyMs, toMs)), toMs };
  return [
    ...own(sentMs, method),
    ...outer.flatMap((hop) => {
      const inner = hops.filter((other) => other.at === hop.to);
      const base = middle(around, hop.last);
      const within = { fromMs: base + (hop.sent ?? 0), toMs: base + hop.last };
      const name = hop.to === 'machined' ? node : hop.to;
      return [
        ...hopEvents(hop, { baseMs: base, node: name, from: 'endpoint' }),
        ...inner.flatMap((other) => hopEvents(other, { baseMs: middle(within, other.last), node: name, from: name })),
      ];
    }),
    ...own(firstMs, 'first byte'),
    ...own(lastMs, hops.length === 0 ? `${end}; the endpoint says nothing of its part` : end),
  ];
}

/** Where something that took so long begins, if it was in the middle. */
function middle({ fromMs, toMs }: { readonly fromMs: number; readonly toMs: number }, lastedMs: number): number {
  return fromMs + Math.max(0, toMs - fromMs - lastedMs) / 2;
}

const CONNECTION: Readonly<Record<string, string>> = {
  hit: 'passed on, by a connection of the pool',
  wait: 'passed on, after a wait for a connection',
  miss: 'passed on, by a new connection',
  none: 'not passed on',
};

function hopEvents(
  hop: HopTimes,
  place: { readonly baseMs: number; readonly node: string; readonly from: string },
): TimelineEvent[] {
  const { baseMs, node, from } = place;
  const name = `${from} → ${hop.to}`;
  const event = (atMs: number | undefined, what: string): TimelineEvent[] =>
    atMs === undefined ? [] : [{ atMs: baseMs + atMs, node, hop: name, what }];
  const parts = Object.entries({ TCP: hop.tcp, TLS: hop.tls, 'HTTP/2': hop.http2 });
  const made = parts.flatMap(([part, ms]) => (ms === undefined ? [] : [`${part} ${ms.toFixed(1)}`])).join(', ');
  return [
    ...event(hop.sent ?? hop.last, `${CONNECTION[hop.pool] ?? hop.pool}${made === '' ? '' : ` (ms: ${made})`}`),
    ...event(hop.first, 'first byte'),
    ...event(hop.sent === undefined ? undefined : hop.last, 'last byte'),
  ];
}
