import { Field, Head } from '@minos/http2';
import type { ConnectTimes } from '../backend/backend-conn.ts';

/** Header by which a client asks for the times of its call, and trailer with those of one hop: `key=value` with spaces between. */
export const TRACE_HEADER = 'minos-trace';

/** Trailers are bounded: a client's library refuses header lists that are too large, and then all of the answer is lost. */
const MOST_BYTES = 12 * 1024;
const MOST_OF_HOP = 4;
const ENTRY = /^[ -~]{1,400}$/;

/** Times of one hop of one call, in milliseconds since the request came in. */
export class HopTrace {
  readonly #to: string;
  readonly #startedMs: number;
  readonly #monotonicMs: () => number;
  #pool = 'none';
  #times: ConnectTimes | undefined;
  #sentMs: number | undefined;
  #firstMs: number | undefined;
  #inner: readonly string[] = [];

  /** `to`: the node, or the service, that is called. */
  constructor(to: string, startedMs: number, monotonicMs: () => number) {
    this.#to = to;
    this.#startedMs = startedMs;
    this.#monotonicMs = monotonicMs;
  }

  /** The request goes out over a connection that was there (`hit`), that became free (`wait`) or that was made (`miss`). */
  sent(times: ConnectTimes | undefined, hasWaited: boolean): void {
    const isNew = hasWaited && times !== undefined && times.readyMs >= this.#startedMs;
    this.#pool = isNew ? 'miss' : hasWaited ? 'wait' : 'hit';
    this.#times = isNew ? times : undefined;
    this.#sentMs = this.#monotonicMs();
    this.#firstMs = undefined;
  }

  /** Headers of the answer came; if they are its end, with what the hops behind say. */
  head(head: Head, isEnd: boolean): void {
    this.#firstMs ??= this.#monotonicMs();
    if (isEnd) this.#inner = entriesOf(head);
  }

  /** What is told of it now that the call is over: the hops behind it, then this one. */
  entries(): string[] {
    const since = (ms: number | undefined): string | undefined =>
      ms === undefined ? undefined : (ms - this.#startedMs).toFixed(2);
    const { tcpMs, tlsMs, http2Ms } = this.#times ?? {};
    const values = {
      to: this.#to,
      pool: this.#pool,
      tcp: tcpMs?.toFixed(2),
      tls: tlsMs?.toFixed(2),
      http2: http2Ms?.toFixed(2),
      sent: since(this.#sentMs),
      first: since(this.#firstMs),
      last: since(this.#monotonicMs()),
    };
    const own = Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [`${key}=${value}`]));
    return [...this.#inner.map((entry) => `at=${this.#to} ${entry}`), own.join(' ')];
  }
}

/** Trailers with these entries instead of those that they have; what is too much is counted. Pure. */
export function withTrace(trailers: Head, entries: readonly string[]): Head {
  const fields = trailers.fields.filter((field) => field.name !== TRACE_HEADER);
  let bytes = 0;
  let taken = 0;
  for (const entry of entries) {
    bytes += entry.length + TRACE_HEADER.length + 32;
    if (bytes > MOST_BYTES) break;
    fields.push(new Field(TRACE_HEADER, entry));
    taken++;
  }
  if (taken < entries.length) fields.push(new Field(TRACE_HEADER, `more=${entries.length - taken}`));
  return new Head(fields);
}

function entriesOf(trailers: Head): string[] {
  const values = trailers.fields.filter((field) => field.name === TRACE_HEADER).map((field) => field.value);
  return values.slice(0, MOST_OF_HOP).filter((value) => ENTRY.test(value) && !value.startsWith('at='));
}
