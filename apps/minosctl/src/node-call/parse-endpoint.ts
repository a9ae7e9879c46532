import { Fault } from '@minos/base';

/** Where to connect. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
}

const DEFAULT_PORT = 50_000;

/** Reads `host`, `host:port`, `v6`, `[v6]:port` (an address of a link with `%interface`) or `https://host[:port]` (port 443 there); throws `invalid` for anything else. */
export function parseEndpoint(text: string): Endpoint {
  const isUrl = text.startsWith('https://');
  const rest = isUrl ? text.slice('https://'.length).replace(/\/$/, '') : text;
  const defaultPort = isUrl ? 443 : DEFAULT_PORT;
  const bracketed = /^\[([0-9a-fA-F:.]+(?:%[\w.-]{1,15})?)\](?::(\d+))?$/.exec(rest);
  const plain = /^([^:/\s[\]]+)(?::(\d+))?$/.exec(rest);
  const match = bracketed ?? plain;
  if (match === null && /^[0-9a-fA-F:.]+(?:%[\w.-]{1,15})?$/.test(rest) && rest.includes('::'))
    return { host: rest, port: defaultPort };
  const port = match?.[2] === undefined ? defaultPort : Number(match[2]);
  if (match?.[1] === undefined || port < 1 || port > 65_535) {
    throw new Fault('invalid', `"${text}" is no endpoint: expected host, host:port or [address]:port`, {
      reason: 'BAD_ENDPOINT',
    });
  }
  return { host: match[1], port };
}

/** The endpoint as text; pure. */
export function endpointText({ host, port }: Endpoint): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}
