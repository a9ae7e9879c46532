import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { Fault, type FaultKind, Scope } from '@minos/base';
import { eventually, tempDir } from '@minos/testkit';
import { buildNodeRoot, type NodeRoot } from './node-root.ts';
import type { ProbeRequest } from './programs/probe.ts';

/** What the holder writes about its node. */
export interface HolderStatus {
  readonly state: 'running' | 'stopped';
  /** Of the node's PID 1, as the host counts. */
  readonly pid: number;
  readonly starts: number;
  readonly holder: number;
}

type ProbeAnswer<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly kind: FaultKind; readonly message: string };

/** A node that runs under the real holder, with a stand-in for machined that a test can talk to. */
export class HeldNode implements AsyncDisposable {
  readonly name: string;
  readonly built: NodeRoot;
  readonly directory: string;
  readonly #scope: Scope;
  readonly #holder: ChildProcess;

  private constructor(options: { name: string; directory: string; built: NodeRoot; scope: Scope; holder: ChildProcess }) {
    this.name = options.name;
    this.directory = options.directory;
    this.built = options.built;
    this.#scope = options.scope;
    this.#holder = options.holder;
  }

  /** Builds all and starts the holder, with a file of early starts when there is one; everything is taken away again when the node is disposed of. */
  static async start(program: 'probe' | 'stress', more: readonly string[] = [], early?: Buffer): Promise<HeldNode> {
    const scope = new Scope();
    try {
      const directory = scope.use(await tempDir(`pid1-${program}`)).path;
      const name = `minos-t-${process.pid}-${program}`;
      const built = await buildNodeRoot(directory, program);
      if (early !== undefined) await placeEarlyFile(built.root, early);
      for (const place of ['state', 'var']) await mkdir(join(directory, place));
      const at = (file: string): string => join(directory, file);
      const args = ['--name', name, '--root', built.root, '--state', at('state'), '--ephemeral', at('var'), '--log', at('log')];
      const files = ['--pidfile', at('pid'), '--status', at('status'), '--cgroup', `${name}/node`];
      const holder = spawn(built.holder, [...args, ...files, ...more], { stdio: 'ignore' });
      const node = new HeldNode({ name, directory, built, scope, holder });
      scope.use(() => node.#stopHolder([...args, ...files]));
      return node;
    } catch (e) {
      await scope.close();
      throw e;
    }
  }

  /** Of the holder; undefined while it has not written any. */
  async status(): Promise<HolderStatus> {
    return JSON.parse(await readFile(join(this.directory, 'status'), 'utf8'));
  }

  /** Console of the node and words of the holder. */
  log(): Promise<string> {
    return readFile(join(this.directory, 'log'), 'utf8');
  }

  /** Asks the probe, once it listens; a Fault of the supervisor port comes back as one. */
  async ask<T>(request: ProbeRequest): Promise<T> {
    const answer = await eventually(() => this.#askOnce<T>(request), { withinMs: 15_000 });
    if (answer.ok) return answer.value;
    throw new Fault(answer.kind, answer.message);
  }

  /** Asks without waiting for an answer: for what ends the probe. */
  async tell(request: ProbeRequest): Promise<void> {
    const socket = createConnection(join(this.directory, 'state/control.sock'));
    socket.on('error', () => socket.destroy());
    socket.end(`${JSON.stringify(request)}\n`);
    socket.resume();
    await once(socket, 'close');
  }

  signalHolder(signal: NodeJS.Signals): void {
    this.#holder.kill(signal);
  }

  get holderPid(): number {
    return this.#holder.pid ?? 0;
  }

  get holderExit(): number | null {
    return this.#holder.exitCode;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }

  async #askOnce<T>(request: ProbeRequest): Promise<ProbeAnswer<T>> {
    const socket = createConnection(join(this.directory, 'state/control.sock'));
    try {
      await once(socket, 'connect');
      socket.write(`${JSON.stringify(request)}\n`);
      for await (const line of createInterface({ input: socket })) {
        return JSON.parse(line);
      }
      throw new Error('the probe hung up');
    } finally {
      socket.destroy();
    }
  }

  /** Ends the holder, and cleans up after one that was killed. */
  async #stopHolder(sweep: readonly string[]): Promise<void> {
    if (this.#holder.exitCode === null && this.#holder.signalCode === null) {
      const gone = once(this.#holder, 'exit');
      this.#holder.kill('SIGTERM');
      await gone;
    }
    const sweeper = spawn(this.built.holder, ['--sweep', ...sweep], { stdio: 'ignore' });
    await once(sweeper, 'exit');
  }
}

async function placeEarlyFile(root: string, bytes: Buffer): Promise<void> {
  await mkdir(join(root, 'etc/minos'), { recursive: true });
  await writeFile(join(root, 'etc/minos/early-container'), bytes);
}
