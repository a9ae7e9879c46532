import { randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { isIPv6 } from 'node:net';
import { type Clock, Fault, formatProblems, messageOf } from '@minos/base';
import { ntpRequest, parseNtpAnswer } from './ntp-packet.ts';

/** What asking a server gave. */
export interface NtpReading {
  /** When the answer came by our clock, and by that of the server; milliseconds since 1970. */
  readonly localMs: number;
  readonly remoteMs: number;
}

/** Who is asked, and how long is waited. */
export interface NtpQuery {
  /** Name or address, with `:port` where it is not 123; an IPv6 address with a port stands in brackets. */
  readonly server: string;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

const PORT = 123;

/** Asks an NTP server for its time, once (RFC 5905 §8); throws `invalid`, `unavailable` or `deadline`. */
export async function queryNtp({ server, timeoutMs, clock }: NtpQuery, signal: AbortSignal): Promise<NtpReading> {
  const { host, port } = parseServer(server);
  const cookie = randomBytes(8);
  const {
    answer: packet,
    sentMs,
    localMs,
  } = await exchange({ host, port, packet: ntpRequest(cookie), timeoutMs, clock }, signal);
  const answer = parseNtpAnswer(packet, cookie);
  if (!answer.ok) throw new Fault('unavailable', `${server} gave no time: ${formatProblems(answer.problems)}`);
  const offsetMs = (answer.value.receivedMs - sentMs + (answer.value.sentMs - localMs)) / 2;
  return { localMs, remoteMs: localMs + offsetMs };
}

/** Host and port of a server as it stands in a request; pure. */
export function parseServer(server: string): { readonly host: string; readonly port: number } {
  if (isIPv6(server)) return { host: server, port: PORT };
  const match = /^(?:\[(?<six>[^\]]+)\]|(?<name>[A-Za-z0-9._-]+))(?::(?<port>\d{1,5}))?$/.exec(server)?.groups;
  const host = match?.['six'] ?? match?.['name'] ?? '';
  const port = match?.['port'] === undefined ? PORT : Number(match['port']);
  if (host === '' || port < 1 || port > 65_535)
    throw new Fault('invalid', `${JSON.stringify(server)} is no name or address of a time server`);
  return { host, port };
}

interface Exchange {
  readonly host: string;
  readonly port: number;
  readonly packet: Buffer;
  readonly timeoutMs: number;
  readonly clock: Clock;
}

/** An answer, and the moments between which it was awaited. */
interface Exchanged {
  readonly answer: Buffer;
  readonly sentMs: number;
  readonly localMs: number;
}

/** Sends one datagram, and resolves with the first that comes back from there. */
async function exchange({ host, port, packet, timeoutMs, clock }: Exchange, signal: AbortSignal): Promise<Exchanged> {
  const socket = createSocket(isIPv6(host) ? 'udp6' : 'udp4');
  const exchanged = Promise.withResolvers<Exchanged>();
  const over = new AbortController();
  const fail = (e: unknown): void => {
    exchanged.reject(new Fault('unavailable', `time server ${host}:${port} cannot be asked: ${messageOf(e)}`, {}, { cause: e }));
  };
  let sentMs = 0;
  socket.on('error', fail);
  socket.on('message', (answer) => exchanged.resolve({ answer, sentMs, localMs: clock.now() }));
  // Connected, so that only this server's datagrams come in, and its refusal is told.
  socket.connect(port, host, (e?: Error) => {
    if (e !== undefined && e !== null) return fail(e);
    // Only now: a name may have taken long to resolve.
    sentMs = clock.now();
    socket.send(packet, (unsent) => unsent !== null && fail(unsent));
  });
  const late = clock.sleep(timeoutMs, AbortSignal.any([signal, over.signal])).then(() => {
    throw new Fault('deadline', `time server ${host}:${port} did not answer within ${timeoutMs} ms`);
  });
  try {
    return await Promise.race([exchanged.promise, late]);
  } finally {
    over.abort();
    late.catch(() => undefined);
    exchanged.promise.catch(() => undefined);
    socket.close();
  }
}
