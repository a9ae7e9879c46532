const DIGITS = '0123456789abcdefghijklmnopqrstuv';
const BYTES = 12;
const COUNTER_LIMIT = 0x1000000;

/**
 * Makes event ids: 20 characters that sort by time, of 4 bytes of seconds, 5 of the run, and a counter of 3, in base 32
 * (the form that clients know as xid). `runBytes` tells runs apart.
 */
export function eventIds(runBytes: Buffer): (nowMs: number) => string {
  let counter = 0;
  let lastSeconds = 0;
  return (nowMs) => {
    // A clock that was set back must not make ids that sort before those that were given out.
    lastSeconds = Math.max(lastSeconds, Math.floor(nowMs / 1000));
    counter = (counter + 1) % COUNTER_LIMIT;
    const bytes = Buffer.alloc(BYTES);
    bytes.writeUInt32BE(lastSeconds >>> 0, 0);
    runBytes.copy(bytes, 4, 0, 5);
    bytes.writeUIntBE(counter, 9, 3);
    return base32(bytes);
  };
}

function base32(bytes: Buffer): string {
  let bits = 0;
  let held = 0;
  let text = '';
  for (const byte of bytes) {
    held = (held << 8) | byte;
    bits += 8;
    while (bits >= 5) {
      bits -= 5;
      text += DIGITS[(held >> bits) & 31];
    }
    held &= (1 << bits) - 1;
  }
  return bits === 0 ? text : text + DIGITS[(held << (5 - bits)) & 31];
}
