import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import type { BenchContext } from '../measurement.ts';
import { readDaemonMemory } from '../node-memory.ts';

const NAME = 'bench-files';

/** One control plane in namespaces, all of whose files are in memory; disposing it takes everything away again. */
export class BenchNode implements AsyncDisposable {
  readonly address = '10.5.66.2';
  readonly folder: string;
  readonly #context: BenchContext;

  private constructor(folder: string, context: BenchContext) {
    this.folder = folder;
    this.#context = context;
  }

  /** Starts it and waits until it is ready; needs root. */
  static async start(context: BenchContext): Promise<BenchNode> {
    const folder = await mkdtemp(join(tmpdir(), 'minos-bench-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=8g,nr_inodes=0,mode=0755', 'minos-bench', folder]);
    const node = new BenchNode(folder, context);
    try {
      await context.minosctl(['cluster', 'up', ...node.#flags, '--workers', '0']);
      return node;
    } catch (e) {
      await node[Symbol.asyncDispose]();
      throw e;
    }
  }

  get clientConfig(): string {
    return join(this.folder, 'c/config');
  }

  /** What the node sees as /var. */
  get ephemeral(): string {
    return join(this.#nodeFolder, 'ephemeral');
  }

  /** Its PID 1 as the host sees it. */
  async pid1(): Promise<number> {
    const { pid }: { readonly pid: number } = JSON.parse(await readFile(join(this.#nodeFolder, 'holder.json'), 'utf8'));
    return pid;
  }

  /** The process of its machined. */
  async machinedPid(): Promise<number> {
    const holder = Number(await readFile(join(this.#nodeFolder, 'holder.pid'), 'utf8'));
    const found = (await readDaemonMemory(holder)).find((daemon) => daemon.program === 'machined');
    if (found === undefined) throw new Fault('missing', 'no machined runs in the node of the benchmark');
    return found.pid;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    try {
      await this.#context.minosctl(['cluster', 'down', ...this.#flags]);
    } finally {
      execFileSync('umount', ['-l', this.folder]);
      await rm(this.folder, { recursive: true, force: true });
    }
  }

  get #nodeFolder(): string {
    return join(this.folder, 'c/nodes', `${NAME}-cp-1`);
  }

  get #flags(): readonly string[] {
    return ['--name', NAME, '--state-dir', join(this.folder, 'c'), '--subnet', '10.5.66.0/24'];
  }
}
