import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, systemClock } from '@minos/base';

/** How the stage is set. */
export interface StageOptions {
  readonly root: string;
  readonly node: string;
  /** Nodes besides the one that is measured. */
  readonly nodes: number;
  /** Bytes of each answer of the backend; 0: one small message. */
  readonly streamBytes: number;
  /** Whether clients have to show a certificate, which h2load cannot. */
  readonly isMutual?: boolean;
}

/** So many addresses stand in the certificate of the native nodes. */
const NATIVE_NODES = 100;

/** A real apid and the least pass-through in front of the same native backend, and native nodes for them to call. */
export class Stage implements AsyncDisposable {
  readonly folder: string;
  readonly apidPort: number;
  readonly passThroughPort: number;
  /** Port of the nodes, or of the native server. */
  readonly nodePort: number;
  readonly #options: StageOptions;
  readonly #children: ChildProcess[] = [];
  #backendPid = 0;

  private constructor(folder: string, ports: readonly number[], options: StageOptions) {
    this.folder = folder;
    [this.apidPort = 0, this.passThroughPort = 0, this.nodePort = 0] = ports;
    this.#options = options;
  }

  /** Makes it; everything that it starts ends with it. */
  static async set(options: StageOptions): Promise<Stage> {
    const stage = new Stage(await mkdtemp(join(tmpdir(), 'minos-bench-')), await freePorts(3), options);
    try {
      await stage.#startRest();
      return stage;
    } catch (e) {
      await stage[Symbol.asyncDispose]();
      throw e;
    }
  }

  /** Starts apid, the executable of the image; gives its process id. */
  async startApid(more: readonly string[] = []): Promise<number> {
    const apid = join(this.#options.root, 'dist/minos/sbin/apid');
    return this.#start(apid, ['--run-dir', this.folder, '--remote-port', String(this.nodePort), ...more], '"msg":"serving"');
  }

  /** Starts the pass-through; gives its process id. */
  async startPassThrough(): Promise<number> {
    const files = [join(this.folder, 'server.crt'), join(this.folder, 'server.key')];
    return this.#start(this.#options.node, [
      this.#script('pass-through.ts'),
      String(this.passThroughPort),
      this.#socket,
      ...files,
    ]);
  }

  /**
   * Starts the nodes: native ones while one certificate can name them all, else ones of our own, each with a certificate for
   * its address alone, because what a certificate holds stays in memory with each connection.
   */
  async startNodes(): Promise<void> {
    const { nodes, node } = this.#options;
    if (nodes <= NATIVE_NODES) await this.#startNative('0.0.0.0', 'peer');
    else await this.#start(node, [this.#script('nodes.ts'), this.folder, String(this.nodePort), String(nodes)]);
  }

  /** Starts a native server without a proxy, to be called directly. */
  async startDirect(): Promise<void> {
    await this.#startNative('127.0.0.1', 'server');
  }

  /** Runs the loop that calls all nodes at once, by itself or through apid. */
  async fanOut(mode: 'bare' | 'apid', rounds: number): Promise<{ readonly cold: number; readonly warm: number }> {
    const numbers = [rounds, this.nodePort, this.#options.nodes].map(String);
    const args = [this.#script('fan-out-loop.ts'), mode, ...numbers, this.folder, String(this.apidPort)];
    const child = spawn(this.#options.node, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let text = '';
    child.stdout.on('data', (part: Buffer) => {
      text += part.toString();
    });
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    if (code !== 0) throw new Fault('internal', `the fan-out loop (${mode}) ended with ${code}`);
    return JSON.parse(text);
  }

  /** Ends a process that the stage started. */
  async end(pid: number): Promise<void> {
    const child = this.#children.find((c) => c.pid === pid);
    if (child !== undefined) await stop(child);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#children.map(stop));
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Puts another backend in the place of the one that there is. */
  async replaceBackend(streamBytes: number): Promise<void> {
    await this.end(this.#backendPid);
    this.#backendPid = await this.#start(this.#backend, [this.#socket, String(streamBytes)]);
  }

  get #backend(): string {
    return join(this.folder, 'native-backend');
  }

  get #socket(): string {
    return join(this.folder, 'system/run/machined/machine.sock');
  }

  async #startNative(address: string, certificate: string): Promise<void> {
    const file = (name: string): string => join(this.folder, name);
    const options = ['-a', address, '-d', file('site'), '--trailer', 'grpc-status: 0', '-w', '20', '-W', '22'];
    this.#spawn('nghttpd', [...options, String(this.nodePort), file(`${certificate}.key`), file(`${certificate}.crt`)]);
    await connectable(this.nodePort);
  }

  #script(name: string): string {
    return join(this.#options.root, 'e2e/bench', name);
  }

  async #startRest(): Promise<void> {
    const { streamBytes, node, isMutual } = this.#options;
    const mode = isMutual === true ? ['mutual'] : [];
    await this.#start(node, [this.#script('stage.ts'), this.folder, String(this.apidPort), ...mode]);
    execFileSync('gcc', ['-O2', '-o', this.#backend, this.#script('native-backend.c')]);
    this.#backendPid = await this.#start(this.#backend, [this.#socket, String(streamBytes)]);
  }

  #spawn(file: string, args: readonly string[]): ChildProcess {
    const child = spawn(file, [...args], { stdio: ['ignore', 'pipe', 'inherit'] });
    this.#children.push(child);
    return child;
  }

  /** Starts a program, and waits for the line that says that it is ready. */
  #start(file: string, args: readonly string[], ready = 'ready'): Promise<number> {
    const child = this.#spawn(file, args);
    return new Promise((resolve, reject) => {
      let text = '';
      child.once('error', (e) => reject(new Fault('unavailable', `${file} cannot be started`, {}, { cause: e })));
      child.once('close', (code) => reject(new Fault('internal', `${file} ended with ${code}: ${text}`)));
      child.stdout?.on('data', (part: Buffer) => {
        if (text.length < 10_000) text += part.toString();
        if (text.includes(ready)) resolve(child.pid ?? 0);
      });
    });
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const closed = new Promise((resolve) => child.once('close', resolve));
  child.kill('SIGKILL');
  await closed;
}

/** Waits until somebody listens on a port of loopback. */
async function connectable(port: number): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isThere = await new Promise<boolean>((resolve) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('connect', () => resolve(true));
      socket.once('error', () => resolve(false));
      socket.once('connect', () => socket.destroy());
    });
    if (isThere) return;
    await systemClock.sleep(50, AbortSignal.timeout(1000));
  }
  throw new Fault('unavailable', 'nothing listens; is the Debian package nghttp2-server there?', { port });
}

/** Ports that nobody uses at the moment. */
async function freePorts(count: number): Promise<number[]> {
  const servers: Server[] = [];
  for (let n = 0; n < count; n++) {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    servers.push(server);
  }
  return servers.map((server) => {
    const address = server.address();
    server.close();
    return typeof address === 'object' && address !== null ? address.port : 0;
  });
}
