import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, Scope, systemClock } from '@minos/base';
import { residentMib } from '../apid/process-use.ts';
import type { Figure, Measurement } from '../measurement.ts';
import { LineChild } from './line-child.ts';

const RESOURCES = 10_000;
const WATCHERS = 100;
const CHANGES = 300;
/** The median of so many rounds counts. */
const ROUNDS = 5;
const EVERY_MS = 20;
/** Changes that nobody reads: more than a watcher may be behind and its connection may hold. */
const FLOOD = 20_000;
/** Flags of Node in the image. */
const FLAGS = ['--max-semi-space-size=2', '--v8-pool-size=1', '--disable-sigusr1'];

interface Report {
  readonly changes: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/** A change of one of 10,000 resources, until the last of 100 watchers has it; and what becomes of a watcher that does not read. */
export const watchFanOut: Measurement = {
  name: 'machined:watch',
  run: async ({ root, node }) => {
    await using scope = new Scope();
    const folder = await mkdtemp(join(tmpdir(), 'minos-bench-'));
    scope.use(() => rm(folder, { recursive: true, force: true }));
    const socket = join(folder, 'state.sock');
    const start = (name: string, ...args: readonly string[]): LineChild =>
      scope.use(new LineChild(node, [...FLAGS, join(root, 'e2e/bench', name), socket, ...args]));
    const server = start('state-server.ts', String(RESOURCES));
    await server.line();
    return [...(await fanOut(server, start)), ...(await slowWatcher(server, start))];
  },
};

type Start = (name: string, ...args: readonly string[]) => LineChild;

async function fanOut(server: LineChild, start: Start): Promise<readonly Figure[]> {
  const began = performance.now();
  await using one = start('state-watchers.ts', '1', 'contents');
  await one.line();
  const contentsMs = performance.now() - began;
  await one[Symbol.asyncDispose]();
  await using watchers = start('state-watchers.ts', String(WATCHERS), 'changes');
  await watchers.line();
  const round = async (): Promise<Report> => {
    await server.ask(`${CHANGES} ${EVERY_MS}`);
    await systemClock.sleep(1000, AbortSignal.timeout(10_000));
    const report: Report = JSON.parse(await watchers.ask(''));
    if (report.changes !== CHANGES) throw new Fault('internal', `${report.changes} of ${CHANGES} changes reached all watchers`);
    return report;
  };
  // Code that runs for the first time is compiled then.
  await round();
  const before = await residentMib(server.pid);
  const rounds: Report[] = [];
  for (let n = 0; n < ROUNDS; n++) rounds.push(await round());
  const grown = (await residentMib(server.pid)) - before;
  const middle = (key: 'p50Ms' | 'p99Ms'): number => {
    const values = rounds.map((r) => r[key]).sort((a, b) => a - b);
    return Number((values[ROUNDS >> 1] ?? Number.NaN).toFixed(1));
  };
  const change = `watch: change of 1 in ${RESOURCES} to ${WATCHERS}`;
  return [
    { name: `watch: first ${RESOURCES} to one, from its start`, value: Math.round(contentsMs), unit: 'ms' },
    { name: `${change}, p50`, value: middle('p50Ms'), unit: 'ms' },
    { name: `${change}, p99`, value: middle('p99Ms'), unit: 'ms', atMost: 50 },
    { name: `${change}, growth of the server`, value: Math.round(grown), unit: 'MiB', atMost: 64 },
  ];
}

async function slowWatcher(server: LineChild, start: Start): Promise<readonly Figure[]> {
  await using slow = start('state-slow-watcher.ts');
  await slow.line();
  const before = await residentMib(server.pid);
  await server.ask(`${FLOOD} 0`);
  const grown = (await residentMib(server.pid)) - before;
  const end: { readonly events: number; readonly isCutOff: boolean } = JSON.parse(await slow.ask(''));
  return [
    {
      name: `slow watcher: told of its end, ${end.events} of ${FLOOD} changes kept`,
      value: end.isCutOff ? 1 : 0,
      unit: '',
      atLeast: 1,
    },
    { name: 'slow watcher: growth of the server', value: Math.round(grown), unit: 'MiB', atMost: 32 },
  ];
}
