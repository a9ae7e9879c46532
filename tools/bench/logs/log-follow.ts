import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault } from '@minos/base';
import { run } from '../../build/run-command.ts';
import { cpuSeconds } from '../apid/process-use.ts';
import type { BenchContext, Figure, Measurement } from '../measurement.ts';
import { programOf, readDaemonMemory } from '../node-memory.ts';

const FOLLOWERS = 100;
const RATE = 50;
const SECONDS = 5;
const SUBNET = '10.5.66';

interface Written {
  readonly mbPerSecond: number;
  readonly heldMs: number;
  readonly tookMs: number;
  /** Of machined meanwhile. */
  readonly cpuSeconds: number;
}

interface Node {
  readonly context: BenchContext;
  readonly directory: string;
  readonly machined: number;
}

/** A service that logs 50 MB/s into a real node, first alone, then with a hundred followers over apid and TLS. */
export const logFollow: Measurement = {
  name: 'logs:follow',
  run: async (context) => {
    const directory = await mkdtemp(join(tmpdir(), 'minos-bench-logs-'));
    const which = ['--name', 'benchlogs', '--state-dir', join(directory, 'cluster')];
    try {
      await context.minosctl(['cluster', 'up', ...which, '--subnet', `${SUBNET}.0/24`, '--workers', '0']);
      const holder = await readFile(join(directory, 'cluster/nodes/benchlogs-cp-1/holder.pid'), 'utf8');
      const machined = (await readDaemonMemory(Number(holder))).find(({ program }) => program === 'machined');
      if (machined === undefined) throw new Fault('internal', 'the node has no machined');
      return await measure({ context, directory, machined: machined.pid });
    } finally {
      await context.minosctl(['cluster', 'down', ...which]);
      await rm(directory, { recursive: true, force: true });
    }
  },
};

async function measure(node: Node): Promise<readonly Figure[]> {
  const before = await peakMib(node.machined);
  const alone = await write(node);
  const afterAlone = await peakMib(node.machined);
  const followers = await startFollowers(node);
  const followed = await write(node);
  const { bytes, markers } = await endFollowers(followers);
  const peak = await peakMib(node.machined);
  const round = (value: number): number => Number(value.toFixed(1));
  const figure = (name: string, value: number, unit: string, more: Partial<Figure> = {}): Figure => {
    return { name: `log of ${RATE} MB/s: ${name}`, value: round(value), unit, ...more };
  };
  return [
    figure('writer alone', alone.mbPerSecond, 'MB/s'),
    figure(`writer with ${FOLLOWERS} followers`, followed.mbPerSecond, 'MB/s'),
    { ...figure('with / alone', 0, '×', { atLeast: 0.9 }), value: Number((followed.mbPerSecond / alone.mbPerSecond).toFixed(2)) },
    figure('held up, alone', (100 * alone.heldMs) / alone.tookMs, '%'),
    figure('held up, with followers', (100 * followed.heldMs) / followed.tookMs, '%'),
    figure('followers together', bytes / 1000 / followed.tookMs, 'MB/s'),
    figure('losses told to followers', markers, ''),
    figure('CPU of machined, alone', alone.cpuSeconds / ((alone.mbPerSecond * alone.tookMs) / 1e6), 's/GB'),
    figure('CPU of machined, with followers', followed.cpuSeconds / ((followed.mbPerSecond * followed.tookMs) / 1e6), 's/GB'),
    figure('peak of machined, before', before, 'MiB'),
    figure('peak of machined, growth without followers', afterAlone - before, 'MiB'),
    figure('peak of machined, growth with followers', peak - before, 'MiB', { atMost: 64 }),
  ];
}

async function write({ context, machined }: Node): Promise<Written> {
  // networkd says little once the network stands, so its log is lent to the writer.
  const fifo = `/proc/${machined}/root/run/init/networkd.log`;
  const before = await cpuSeconds(machined);
  const stdout = await run(context.node, ['e2e/bench/log-writer.ts', fifo, String(RATE), String(SECONDS)], context.root);
  const read = numbersOf(stdout);
  return {
    mbPerSecond: read('mbPerSecond'),
    heldMs: read('heldMs'),
    tookMs: read('tookMs'),
    cpuSeconds: (await cpuSeconds(machined)) - before,
  };
}

async function startFollowers({ context, directory }: Node): Promise<ChildProcessWithoutNullStreams> {
  const args = ['e2e/bench/log-followers.ts', join(directory, 'cluster/config'), `${SUBNET}.2`, 'networkd', String(FOLLOWERS)];
  const child = spawn(context.node, args, { cwd: context.root });
  child.stderr.pipe(process.stderr);
  for await (const line of createInterface({ input: child.stdout })) if (line === 'following') return child;
  throw new Fault('unavailable', 'the followers ended before they followed');
}

async function endFollowers(
  child: ChildProcessWithoutNullStreams,
): Promise<{ readonly bytes: number; readonly markers: number }> {
  const parts: Buffer[] = [];
  child.stdout.on('data', (bytes: Buffer) => parts.push(bytes));
  child.stdin.end();
  await once(child, 'close');
  const read = numbersOf(Buffer.concat(parts).toString());
  return { bytes: read('bytes'), markers: read('markers') };
}

/** Numbers of a line of JSON by their names. */
function numbersOf(text: string): (name: string) => number {
  const values = new Map<string, unknown>(Object.entries(JSON.parse(text)));
  return (name) => Number(values.get(name));
}

async function peakMib(pid: number): Promise<number> {
  if (programOf(await readFile(`/proc/${pid}/cmdline`, 'utf8')) !== 'machined')
    throw new Fault('unavailable', 'machined was restarted');
  return Number(/^VmHWM:\s+(\d+) kB/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1] ?? Number.NaN) / 1024;
}
