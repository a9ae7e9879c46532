/** What one hop says of one call in a trailer; milliseconds since the request came to it. */
export interface HopTimes {
  /** The node that says it; undefined: the endpoint. */
  readonly at: string | undefined;
  /** The node, or the service, that it called. */
  readonly to: string;
  /** Whence its connection was: `hit` the pool, `wait` the pool after a while, `miss` a new one, `none` there was none. */
  readonly pool: string;
  /** How long the parts of making a new connection took. */
  readonly tcp: number | undefined;
  readonly tls: number | undefined;
  readonly http2: number | undefined;
  readonly sent: number | undefined;
  readonly first: number | undefined;
  readonly last: number;
}

/** Reads a value of the trailer `minos-trace`: `key=value` with spaces between; undefined for what is none. */
export function parseHopTimes(text: string): HopTimes | undefined {
  const values = new Map(text.split(' ').map((part) => [part.slice(0, part.indexOf('=')), part.slice(part.indexOf('=') + 1)]));
  const number = (key: string): number | undefined => {
    const value = Number(values.get(key) ?? Number.NaN);
    return Number.isFinite(value) && value >= 0 ? value : undefined;
  };
  const to = values.get('to');
  const last = number('last');
  if (to === undefined || last === undefined) return undefined;
  const [tcp, tls, http2, sent, first] = [number('tcp'), number('tls'), number('http2'), number('sent'), number('first')];
  return { at: values.get('at'), to, pool: values.get('pool') ?? 'none', tcp, tls, http2, sent, first, last };
}
