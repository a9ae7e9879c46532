import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { type TempDir, tempDir } from '@minos/testkit';
import { type Background, type RunOptions, type RunResult, run, start } from './run.ts';

const ROOT = resolve(import.meta.dirname, '../..');
const MINOSCTL = join(ROOT, 'node_modules/.bin/minosctl');

/** A node of a test cluster. */
export interface ClusterNode {
  readonly name: string;
  readonly address: string;
  readonly stateDir: string;
  readonly ephemeralDir: string;
  /** The node's PID 1 as the host sees it; changes with every start. Throws when the node is down. */
  pid1(): Promise<number>;
}

/** A cluster of real nodes in namespaces of this machine; disposing it takes everything away again. */
export interface Cluster extends AsyncDisposable {
  readonly controlPlane: ClusterNode;
  readonly workers: readonly ClusterNode[];
  readonly nodes: readonly ClusterNode[];
  readonly dir: string;
  /** Path of the client configuration that `up` wrote. */
  readonly clientConfig: string;
  /** Runs minosctl against the cluster. */
  minosctl(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts minosctl in the background. */
  startMinosctl(args: readonly string[], options?: { readonly keep?: 'text' | 'count' }): Background;
  down(): Promise<RunResult>;
}

/** What makes a cluster different from the one of `npm run up`, so that both can be there at once. */
export interface ClusterOptions {
  /** Short, unique among the scenarios. */
  readonly name: string;
  /** Third number of 10.5.x.0/24, unique among the scenarios. */
  readonly subnet: number;
  readonly workers?: number;
}

interface Identity {
  readonly name: string;
  readonly dir: string;
  readonly flags: readonly string[];
}

/** Starts a cluster and waits until all its nodes are ready. A cluster that a killed run left under the same name is swept first. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const temp = await tempDir(options.name);
  const dir = join(temp.path, 'cluster');
  const identity: Identity = {
    name: options.name,
    dir,
    flags: ['--name', options.name, '--state-dir', dir, '--subnet', `10.5.${options.subnet}.0/24`],
  };
  const workers = options.workers ?? 2;
  const up = await run(MINOSCTL, ['cluster', 'up', ...identity.flags, '--workers', String(workers)], {
    timeoutMs: 180_000,
    cwd: ROOT,
  });
  if (up.code !== 0) {
    const logs = await tailOfLogs(identity, workers);
    await takeDown(identity, temp);
    throw new Error(`cluster up ended with ${up.code}\n${up.stdout}\n${up.stderr}\n${logs}`);
  }
  return clusterOf(identity, { temp, subnet: options.subnet, workers });
}

function clusterOf(identity: Identity, shape: { temp: TempDir; subnet: number; workers: number }): Cluster {
  const node = (name: string, host: number): ClusterNode => nodeOf(identity, name, `10.5.${shape.subnet}.${host}`);
  const controlPlane = node(`${identity.name}-cp-1`, 2);
  const workers = Array.from({ length: shape.workers }, (_, i) => node(`${identity.name}-worker-${i + 1}`, 3 + i));
  const clientConfig = join(identity.dir, 'config');
  const global = ['--minosconfig', clientConfig];
  return {
    controlPlane,
    workers,
    nodes: [controlPlane, ...workers],
    dir: identity.dir,
    clientConfig,
    minosctl: (args, options) => run(MINOSCTL, [...global, ...args], { cwd: ROOT, ...options }),
    startMinosctl: (args, options) => start(MINOSCTL, [...global, ...args], options),
    down: () => run(MINOSCTL, ['cluster', 'down', ...identity.flags], { timeoutMs: 60_000, cwd: ROOT }),
    [Symbol.asyncDispose]: () => takeDown(identity, shape.temp),
  };
}

function nodeOf(identity: Identity, name: string, address: string): ClusterNode {
  const dir = join(identity.dir, 'nodes', name);
  return {
    name,
    address,
    stateDir: join(dir, 'state'),
    ephemeralDir: join(dir, 'ephemeral'),
    pid1: async () => {
      const status: unknown = JSON.parse(await readFile(join(dir, 'holder.json'), 'utf8'));
      if (typeof status === 'object' && status !== null && 'pid' in status && typeof status.pid === 'number' && status.pid > 0)
        return status.pid;
      throw new Error(`${name} is down`);
    },
  };
}

async function tailOfLogs(identity: Identity, workers: number): Promise<string> {
  const names = [`${identity.name}-cp-1`, ...Array.from({ length: workers }, (_, i) => `${identity.name}-worker-${i + 1}`)];
  const texts = await Promise.all(
    names.map(async (name) => {
      const found = await run('sh', [
        '-c',
        `tail -n 20 ${join(identity.dir, 'nodes', name)}/*.log ${join(identity.dir, 'nodes', name)}/ephemeral/log/*.log`,
      ]);
      return `== ${name}\n${found.stdout}`;
    }),
  );
  return texts.join('\n');
}

async function takeDown(identity: Identity, temp: TempDir): Promise<void> {
  const result = await run(MINOSCTL, ['cluster', 'down', ...identity.flags], { timeoutMs: 60_000, cwd: ROOT });
  if (result.code !== 0) throw new Error(`cluster down ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  await temp[Symbol.asyncDispose]();
}
