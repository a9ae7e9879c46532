import { type Parsed, parsed, problem } from '@minos/base';

/** Where to listen. */
export interface ListenOn {
  /** Every address of the machine when it is undefined. */
  readonly host: string | undefined;
  readonly port: number;
}

const FORM = /^(?:\[([^[\]]+)\]|([^:[\]]*)):(\d{1,5})$/;

/** Reads `host:port`, `[address]:port` or `:port`. */
export function parseListenAddress(text: string): Parsed<ListenOn> {
  const match = FORM.exec(text);
  const port = Number(match?.[3]);
  if (match === null || port > 65_535) return problem('listenAddress', 'a host and a port, such as :50000', text);
  const host = match[1] ?? match[2] ?? '';
  return parsed({ host: host === '' ? undefined : host, port });
}
