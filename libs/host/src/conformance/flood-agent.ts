import { execFileSync } from 'node:child_process';
import { openRtnetlink } from '../linux/rtnetlink/open-rtnetlink.ts';

/** Stands still while more events come than a socket can hold, and prints which kinds were told afterwards. */
const ADDRESSES = 6000;

await using rtnetlink = await openRtnetlink();
const stop = new AbortController();
const seen = new Set<string>();
const events = rtnetlink.events(stop.signal);
const reading = (async () => {
  for await (const event of events) {
    seen.add(event.kind);
    if (event.kind === 'lost') stop.abort();
  }
})();
await rtnetlink.setLink(1, { up: true });
const lines = Array.from({ length: ADDRESSES }, (_, i) => `addr add 10.1.${i >> 8}.${i & 255}/32 dev lo\n`);
execFileSync('ip', ['-batch', '-'], { input: lines.join('') });
await reading;
const addresses = await rtnetlink.addresses();
process.stdout.write(JSON.stringify({ seen: [...seen].sort(), addresses: addresses.length }));
