import { type Parsed, parsed, problem } from '@minos/base';

/** Size of a packet without extensions. */
export const NTP_BYTES = 48;

const VERSION_4_CLIENT = 0x23;
const MODE_SERVER = 4;
const ORIGINATE_AT = 24;
const RECEIVE_AT = 32;
const TRANSMIT_AT = 40;
/** From 1900 to 1970 (RFC 5905 §6), and the length of an era. */
const EPOCH_SECONDS = 2_208_988_800;
const ERA_SECONDS = 2 ** 32;

/** What a server said. */
export interface NtpAnswer {
  readonly stratum: number;
  /** When the question came, and when the answer left, by its clock: milliseconds since 1970. */
  readonly receivedMs: number;
  readonly sentMs: number;
}

/** A client's question (RFC 5905 §7.3); `cookie` (8 bytes) comes back in the answer, and tells it from a forged one. Pure. */
export function ntpRequest(cookie: Buffer): Buffer {
  const packet = Buffer.alloc(NTP_BYTES);
  packet.writeUInt8(VERSION_4_CLIENT, 0);
  cookie.copy(packet, TRANSMIT_AT, 0, 8);
  return packet;
}

/** Parses a server's answer to the question with this cookie; pure, never throws. */
export function parseNtpAnswer(packet: Buffer, cookie: Buffer): Parsed<NtpAnswer> {
  if (packet.length < NTP_BYTES) return problem('', `${NTP_BYTES} bytes at least`, String(packet.length));
  if ((packet.readUInt8(0) & 7) !== MODE_SERVER) return problem('mode', 'an answer of a server');
  if (!packet.subarray(ORIGINATE_AT, ORIGINATE_AT + 8).equals(cookie.subarray(0, 8))) {
    return problem('originate', 'the timestamp that was sent');
  }
  const stratum = packet.readUInt8(1);
  // A server that does not want to be asked says why in four letters (RFC 5905 §7.4).
  if (stratum === 0) return problem('stratum', 'a server that answers', packet.toString('latin1', 12, 16));
  if (packet.readUInt8(0) >> 6 === 3) return problem('leap', 'a server that is synchronised itself');
  return parsed({ stratum, receivedMs: timeMs(packet, RECEIVE_AT), sentMs: timeMs(packet, TRANSMIT_AT) });
}

/** Writes a moment as NTP does, for servers in tests; pure. */
export function writeNtpTime(packet: Buffer, at: number, ms: number): void {
  const seconds = Math.floor(ms / 1000);
  packet.writeUInt32BE((seconds + EPOCH_SECONDS) % ERA_SECONDS, at);
  packet.writeUInt32BE(Math.floor(((ms - seconds * 1000) / 1000) * ERA_SECONDS), at + 4);
}

/** Times before 1968 are of the era that begins in 2036. */
function timeMs(packet: Buffer, at: number): number {
  const seconds = packet.readUInt32BE(at);
  const fraction = packet.readUInt32BE(at + 4) / ERA_SECONDS;
  const era = seconds >= ERA_SECONDS / 2 ? 0 : ERA_SECONDS;
  return (seconds + era - EPOCH_SECONDS + fraction) * 1000;
}
