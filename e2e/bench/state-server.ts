// node state-server.ts <socket> <resources>: a state with so many members, served as machined serves it, until it is stopped.
// Each line `<count> <every ms>` on stdin makes so many updates, one after the other, each with the time of CLOCK_MONOTONIC (ns) as host name;
// `done` is answered when they are made. With 0 ms they are made as fast as the loop turns.
import { createInterface } from 'node:readline';
import { setImmediate } from 'node:timers/promises';
import { MemberSpec } from '@minos/api/resource-specs';
import { silentLogger, systemClock } from '@minos/base';
import { toYamlText } from '@minos/config';
import { allResourceTypes, bindStateService, MemoryState, memberType, netIp, outsidePolicy } from '@minos/resource';
import { serve } from '@minos/rpc';

const [path = '', count = '0'] = process.argv.slice(2);
const resources = Number(count);
const state = new MemoryState({ clock: systemClock, types: allResourceTypes });
const writer = state.as('bench');
const forever = new AbortController();

function member(n: number, hostname: string): MemberSpec {
  return MemberSpec.fromPartial({
    nodeId: `node-${n}`,
    hostname,
    operatingSystem: 'Minos (v1.14.0)',
    addresses: [netIp(`10.5.${(n >> 8) & 255}.${n & 255}`)],
  });
}

async function update(times: number, everyMs: number): Promise<void> {
  for (let n = 0; n < times; n++) {
    if (everyMs > 0) await systemClock.sleep(everyMs, forever.signal);
    else await setImmediate();
    const at = (n * 7919) % resources;
    await writer.put(memberType, `member-${at}`, member(at, process.hrtime.bigint().toString()));
  }
}

for (let n = 0; n < resources; n++) await writer.put(memberType, `member-${n}`, member(n, `host-${n}`));
const service = bindStateService({ state, types: allResourceTypes, policy: outsidePolicy(), emitYaml: toYamlText });
const roles: ReadonlySet<string> = new Set(['os:admin']);
await serve({ listen: { kind: 'unix', path }, services: [service], log: silentLogger, authorize: () => roles });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const [times = 0, everyMs = 0] = line.split(' ').map(Number);
  await update(times, everyMs);
  console.log('done');
}
