import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chown, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Scope, silentLogger, systemClock } from '@minos/base';
import { allResourceTypes, bindStateService, daemonPolicy, MemoryState } from '@minos/resource';
import { type RpcServer, serve } from '@minos/rpc';
import { eventually, type NetNamespace, netNamespace, type TempDir, tempDir } from '@minos/testkit';
import { INPUT_TYPES, OUTPUT_TYPES } from '../network/state-access.ts';

/** networkd's user in a node. */
const UID = 52;
const CAPABILITIES = '-all,+net_admin,+net_raw';

/** A networkd in a namespace of its own, as the user and with the capabilities that it has in a node, and the state that it reads. */
export class NetworkdUnderTest implements AsyncDisposable {
  readonly namespace: NetNamespace;
  /** What networkd reads; another one after the state was away. */
  state = new MemoryState({ clock: systemClock });
  readonly #dir: TempDir;
  readonly #scope: Scope;
  #server: RpcServer | undefined;
  #serving = new AbortController();
  #startCount = 1;
  #child: ChildProcess | undefined;
  #output = '';

  private constructor(namespace: NetNamespace, dir: TempDir, scope: Scope) {
    this.namespace = namespace;
    this.#dir = dir;
    this.#scope = scope;
  }

  /** Makes the namespace, with `eth0` and its other end `far0`, and serves the state; networkd is not started yet. */
  static async make(): Promise<NetworkdUnderTest> {
    const scope = new Scope();
    const dir = scope.use(await tempDir('networkd'));
    await chown(dir.path, UID, UID);
    const namespace = scope.use(await netNamespace());
    await namespace.run('ip', 'link', 'add', 'eth0', 'type', 'veth', 'peer', 'name', 'far0');
    await namespace.run('ip', 'link', 'set', 'far0', 'up');
    const made = new NetworkdUnderTest(namespace, dir, scope);
    scope.use(() => made.closeState());
    scope.use(async () => void (await made.stop()));
    await made.serveState();
    return made;
  }

  /** Lines that networkd has logged. */
  get output(): string {
    return this.#output;
  }

  get pid(): number {
    return this.#child?.pid ?? 0;
  }

  /** The path of a file in the run tree. */
  path(name: string): string {
    return join(this.#dir.path, name);
  }

  /** Serves the state where networkd looks for it. */
  async serveState(): Promise<void> {
    const path = this.path('system/run/networkd/runtime.sock');
    await mkdir(dirname(path), { recursive: true });
    await chown(dirname(path), UID, UID);
    const policy = daemonPolicy({ readable: INPUT_TYPES, owned: OUTPUT_TYPES });
    const service = bindStateService({
      state: this.state,
      types: allResourceTypes,
      policy,
      emitYaml: () => '',
      until: this.#serving.signal,
    });
    this.#server = await serve({ listen: { kind: 'unix', path, uid: UID }, services: [service], log: silentLogger });
  }

  /** Takes the state away, as a machined that died; the next one served knows nothing yet. */
  async closeState(): Promise<void> {
    this.#serving.abort();
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
    this.#serving = new AbortController();
    this.#startCount += 1;
    this.state = new MemoryState({ clock: systemClock, startCount: this.#startCount });
  }

  /** Starts networkd and waits until it says that it is ready. */
  async start(): Promise<void> {
    const node = [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      join(import.meta.dirname, '../main.ts'),
      '--run-dir',
      this.#dir.path,
    ];
    const limits = [
      `--inh-caps=${CAPABILITIES}`,
      `--ambient-caps=${CAPABILITIES}`,
      `--bounding-set=${CAPABILITIES}`,
      '--no-new-privs',
    ];
    const argv = this.namespace.inside(
      'setpriv',
      '--reuid',
      String(UID),
      '--regid',
      String(UID),
      '--clear-groups',
      ...limits,
      'sh',
      '-c',
      'exec "$@" 3>"$0"',
      this.path('ready'),
      ...node,
    );
    const child = spawn(argv[0], argv.slice(1), {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { READY_FD: '3', PATH: process.env['PATH'] },
    });
    this.#child = child;
    child.stdout.on('data', (chunk) => (this.#output += String(chunk)));
    child.stderr.on('data', (chunk) => (this.#output += String(chunk)));
    const check = async (): Promise<void> => {
      if (child.exitCode !== null) throw new Error(`networkd ended with ${child.exitCode}: ${this.#output}`);
      if ((await readFile(this.path('ready'), 'utf8')) !== 'ready\n') throw new Error(`not ready: ${this.#output}`);
    };
    await eventually(check, { withinMs: 15_000 });
  }

  /** Ends networkd. */
  async stop(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return child?.exitCode ?? null;
    const ended = once(child, 'exit');
    child.kill(signal);
    await ended;
    return child.exitCode;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }
}
