// node state-watchers.ts <socket> <watchers> <contents|changes>: so many watches of all members, each over a connection of its own.
// Prints `ready` when all have got what there is. Each line on stdin is answered with what was seen since the last one, as JSON: how many changes
// reached every watcher, and how long it took until the last of them had it.
import { createInterface } from 'node:readline';
import { EventType, StateDefinition, WatchRequest } from '@minos/api/cosi';
import { MemberSpec } from '@minos/api/resource-specs';
import { memberType } from '@minos/resource';
import { client, dial } from '@minos/rpc';

interface Seen {
  count: number;
  lastNs: bigint;
}

const [path = '', count = '1', mode] = process.argv.slice(2);
const watchers = Number(count);
const seen = new Map<string, Seen>();
let ready = 0;

function arrived(hostname: string): void {
  const entry = seen.get(hostname) ?? { count: 0, lastNs: 0n };
  seen.set(hostname, entry);
  entry.count += 1;
  entry.lastNs = process.hrtime.bigint() - BigInt(hostname);
}

async function watch(): Promise<void> {
  const state = client(dial({ kind: 'unix', path }), StateDefinition);
  const options = mode === 'contents' ? { bootstrapContents: true } : { bootstrapBookmark: true };
  const request = WatchRequest.fromPartial({ namespace: 'cluster', type: memberType.type, options, apiVersion: 1 });
  for await (const { event } of state.Watch(request)) {
    for (const { eventType, resource } of event) {
      if (eventType === EventType.UPDATED) arrived(MemberSpec.decode(resource?.spec?.protoSpec ?? Buffer.alloc(0)).hostname);
      else if (eventType === EventType.BOOTSTRAPPED || eventType === EventType.NOOP) {
        ready += 1;
        if (ready === watchers) console.log('ready');
      }
    }
  }
}

function report(): string {
  const times = [...seen.values()].filter((e) => e.count === watchers).map((e) => Number(e.lastNs) / 1e6);
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? Number.NaN;
  return JSON.stringify({ changes: times.length, p50Ms: at(0.5), p99Ms: at(0.99), maxMs: at(1) });
}

const watching = Promise.all(Array.from({ length: watchers }, watch));
watching.catch((e: unknown) => {
  console.error(e);
  process.exit(1);
});
for await (const _ of createInterface({ input: process.stdin })) {
  console.log(report());
  seen.clear();
}
