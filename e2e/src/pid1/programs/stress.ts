/** Stands in for machined: starts what the plan says, writes every end to a ledger on STATE before it acknowledges it, and may be killed anywhere. */
import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import type { SpawnSpec, SupervisedProcess, SupervisorEvent } from '@minos/host';
import { linuxHost } from '@minos/host/linux';
import { plannedStarts } from '../stress-plan.ts';

const LEDGER = '/system/state/ledger';
const AT_ONCE = 40;

function specOf(id: string, args: readonly string[]): SpawnSpec {
  return {
    id,
    argv: ['/usr/lib/minos/victim', ...args],
    env: {},
    uid: 50,
    gid: 50,
    groups: [],
    capabilities: [],
    cgroup: { path: `system/${id}`, demand: 'best-effort' },
    noFile: undefined,
    oomScoreAdj: undefined,
  };
}

const supervisor = await linuxHost().openSupervisor();
const events = supervisor.events(new AbortController().signal);
await supervisor.ready();

const done = new Set<string>();
if (existsSync(LEDGER)) for (const line of readFileSync(LEDGER, 'utf8').split('\n')) done.add(line.split(' ')[0] ?? '');
const living = new Set<string>();

async function settle(end: Pick<SupervisedProcess, 'id' | 'generation' | 'exit'>): Promise<void> {
  if (end.exit === undefined) return;
  const how = end.exit.kind === 'exited' ? `exit ${end.exit.code}` : `signal ${end.exit.signal}`;
  appendFileSync(LEDGER, `${end.id} ${how} ${end.generation}\n`);
  done.add(end.id);
  living.delete(end.id);
  await supervisor.acknowledge(end.id, end.generation);
}

for (const known of await supervisor.list()) {
  if (known.exit === undefined) living.add(known.id);
  else await settle(known);
}

async function startMore(): Promise<void> {
  for (const planned of plannedStarts()) {
    if (living.size >= AT_ONCE) return;
    if (done.has(planned.id) || living.has(planned.id)) continue;
    living.add(planned.id);
    await supervisor.spawn(specOf(planned.id, planned.args));
  }
  if (living.size === 0) appendFileSync('/system/state/finished', 'finished\n');
}

await startMore();
for await (const event of events as AsyncIterable<SupervisorEvent>) {
  if (event.kind !== 'exited' || done.has(event.id)) continue;
  await settle(event);
  await startMore();
}
process.exit(111);
