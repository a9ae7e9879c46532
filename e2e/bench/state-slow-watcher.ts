// node state-slow-watcher.ts <socket>: watches all members and does not read; prints `ready` when the watch has begun. A line on stdin
// makes it read to the end, and say as JSON how many events there were and whether the last one was the error of a watcher that is too slow.
import { createInterface } from 'node:readline';
import { EventType, StateDefinition, WatchRequest } from '@minos/api/cosi';
import { memberType } from '@minos/resource';
import { client, dial } from '@minos/rpc';

const state = client(dial({ kind: 'unix', path: process.argv[2] ?? '' }), StateDefinition);
const responses = state.Watch(WatchRequest.fromPartial({ namespace: 'cluster', type: memberType.type, apiVersion: 1 }));
const iterator = responses[Symbol.asyncIterator]();
await iterator.next();
console.log('ready');
for await (const _ of createInterface({ input: process.stdin })) {
  let events = 0;
  let isCutOff = false;
  for (let next = await iterator.next(); next.done !== true; next = await iterator.next()) {
    for (const { eventType, error } of next.value.event) {
      isCutOff = eventType === EventType.ERRORED && error !== '';
      if (!isCutOff) events += 1;
    }
  }
  console.log(JSON.stringify({ events, isCutOff }));
}
