import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { Scope } from '@minos/base';
import { tempDir } from '@minos/testkit';
import { claimSubnet } from './free-subnet.ts';
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
  /** The address with this number in the network of the cluster. */
  address(host: number): string;
  /** Path of the client configuration that `up` wrote. */
  readonly clientConfig: string;
  /** Runs minosctl against the cluster. */
  minosctl(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Starts minosctl in the background. */
  startMinosctl(args: readonly string[], options?: { readonly keep?: 'text' | 'count' }): Background;
  down(): Promise<RunResult>;
}

/** What a story wants of its cluster; name and network become unique to this run, so that others can be there at once. */
export interface ClusterOptions {
  /** Short, unique among the scenarios; the pid follows it in the names of all that is made. */
  readonly name: string;
  readonly workers?: number;
}

interface Identity {
  readonly name: string;
  readonly dir: string;
  readonly flags: readonly string[];
}

/** Starts a cluster and waits until all its nodes are ready. A cluster that a killed run left under the same name is swept first. */
export async function startCluster(options: ClusterOptions): Promise<Cluster> {
  const scope = new Scope();
  const temp = scope.use(await tempDir(options.name));
  const subnet = scope.use(await claimSubnet()).number;
  const dir = join(temp.path, 'cluster');
  // The sweep after a killed run finds this name by that of the directory.
  const name = `${options.name}-${process.pid}`;
  const identity: Identity = {
    name,
    dir,
    flags: ['--name', name, '--state-dir', dir, '--subnet', `10.5.${subnet}.0/24`],
  };
  const workers = options.workers ?? 2;
  const up = await run(MINOSCTL, ['cluster', 'up', ...identity.flags, '--workers', String(workers)], {
    timeoutMs: 180_000,
    cwd: ROOT,
  });
  if (up.code !== 0) {
    const logs = await tailOfLogs(identity, workers);
    await takeDown(identity, scope);
    throw new Error(`cluster up ended with ${up.code}\n${up.stdout}\n${up.stderr}\n${logs}`);
  }
  return clusterOf(identity, { scope, subnet, workers });
}

function clusterOf(identity: Identity, shape: { scope: Scope; subnet: number; workers: number }): Cluster {
  const address = (host: number): string => `10.5.${shape.subnet}.${host}`;
  const node = (name: string, host: number): ClusterNode => nodeOf(identity, name, address(host));
  const controlPlane = node(`${identity.name}-cp-1`, 2);
  const workers = Array.from({ length: shape.workers }, (_, i) => node(`${identity.name}-worker-${i + 1}`, 3 + i));
  const clientConfig = join(identity.dir, 'config');
  const global = ['--minosconfig', clientConfig];
  return {
    controlPlane,
    workers,
    nodes: [controlPlane, ...workers],
    dir: identity.dir,
    address,
    clientConfig,
    minosctl: (args, options) => run(MINOSCTL, [...global, ...args], { cwd: ROOT, ...options }),
    startMinosctl: (args, options) => start(MINOSCTL, [...global, ...args], options),
    down: () => run(MINOSCTL, ['cluster', 'down', ...identity.flags], { timeoutMs: 60_000, cwd: ROOT }),
    [Symbol.asyncDispose]: () => takeDown(identity, shape.scope),
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

async function takeDown(identity: Identity, scope: Scope): Promise<void> {
  const result = await run(MINOSCTL, ['cluster', 'down', ...identity.flags], { timeoutMs: 60_000, cwd: ROOT });
  if (result.code !== 0) throw new Error(`cluster down ended with ${result.code}\n${result.stdout}\n${result.stderr}`);
  await scope.close();
}
