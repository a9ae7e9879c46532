import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { StateDefinition } from '@minos/api/cosi';
import { InspectServiceDefinition } from '@minos/api/inspect';
import { MachineServiceDefinition, StorageServiceDefinition as MachineStorageServiceDefinition } from '@minos/api/machine';
import { ConfigServiceDefinition, DiagnosisServiceDefinition } from '@minos/api/minos';
import { StorageServiceDefinition } from '@minos/api/storage';
import { isFault, type Logger, Scope, silentLogger, systemClock } from '@minos/base';
import { client, dial, type MethodDefinition, type RpcChannel, type ServiceDefinition } from '@minos/rpc';
import { fuzzTarget, tempDir } from '@minos/testkit';
import { runMachined } from '../run-machined.ts';
import { simulatedWorld } from '../simulate/simulated-world.ts';
import { randomMessage } from './random-message.ts';

const FIXTURE = join(import.meta.dirname, '../../fixture.yaml');
const RELEASE = { tag: 'v1.14.0+minos.0.1.0', commit: '', built: '', runtimeVersion: 'fuzz' };
const ADMIN = { 'talos-role': 'os:admin' };
const SERVICES: readonly ServiceDefinition[] = [
  ...[MachineServiceDefinition, StateDefinition, ConfigServiceDefinition, DiagnosisServiceDefinition],
  ...[InspectServiceDefinition, StorageServiceDefinition, MachineStorageServiceDefinition],
];
/** They end the machine that is asked. */
const ENDINGS = /^(Reboot|Shutdown|Reset|Upgrade|Rollback)$/;
/** A stream may go on for ever: so much of it is looked at. */
const MAX_ANSWERS = 20;
const MAX_STREAM_MS = 100;

interface Target {
  readonly service: ServiceDefinition;
  readonly method: MethodDefinition;
}

const METHODS: readonly Target[] = SERVICES.flatMap((service) =>
  Object.values(service.methods)
    .filter((method) => !ENDINGS.test(method.name))
    .map((method) => ({ service, method })),
);

const failures: string[] = [];
const log: Logger = {
  ...silentLogger,
  error: (fields, message) =>
    void failures.push(`${message}: ${JSON.stringify(fields, (_k, v) => (v instanceof Error ? v.stack : v))}`),
  child: () => log,
};

class Node implements AsyncDisposable {
  readonly #scope = new Scope();
  readonly #stop = new AbortController();
  readonly channel: RpcChannel;

  private constructor(path: string) {
    this.channel = this.#scope.use(dial({ kind: 'unix', path }));
  }

  static async start(): Promise<Node> {
    const dir = await tempDir('wire');
    const node = new Node(`${dir.path}/system/run/machined/machine.sock`);
    node.#scope.use(dir);
    const world = simulatedWorld(await readFile(FIXTURE, 'utf8'), { clock: systemClock, log });
    const served = Promise.withResolvers<void>();
    const options = { world, platform: 'container', release: RELEASE, runDir: dir.path, ready: () => served.resolve() } as const;
    const ending = runMachined(options, node.#stop.signal).catch((e: unknown) => {
      if (!node.#stop.signal.aborted) failures.push(`machined ended: ${String(e)}`);
    });
    node.#scope.use(async () => {
      node.#stop.abort();
      await ending;
    });
    await served.promise;
    return node;
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#scope.close();
  }
}

/** A service of one method that takes bytes as they are. */
function rawService({ service, method }: Target): ServiceDefinition {
  const requestType = { encode: (bytes: Buffer) => ({ finish: () => bytes }), decode: (bytes: Uint8Array) => Buffer.from(bytes) };
  return { ...service, methods: { [method.name]: { ...method, requestType } } };
}

async function* once(bytes: Buffer): AsyncGenerator<Buffer> {
  yield bytes;
}

async function callRaw(channel: RpcChannel, target: Target, bytes: Buffer): Promise<void> {
  const call: unknown = Reflect.get(client(channel, rawService(target)), target.method.name);
  if (typeof call !== 'function') throw new Error(`no call ${target.method.name}`);
  const stop = new AbortController();
  const input = target.method.requestStream ? once(bytes) : bytes;
  const answers: unknown = call(input, { metadata: ADMIN, signal: stop.signal, timeoutMs: 20_000 });
  if (!target.method.responseStream) return void (await answers);
  const timer = setTimeout(() => stop.abort(), MAX_STREAM_MS);
  try {
    let left = MAX_ANSWERS;
    for await (const _ of answers as AsyncIterable<unknown>) if (--left === 0) break;
  } catch (e) {
    if (!stop.signal.aborted) throw e;
  } finally {
    clearTimeout(timer);
  }
}

let node: Promise<Node> | undefined;

/** Any bytes as the request of any call, over the socket: an answer, or a refusal that machined meant; never an internal error. */
export const target = fuzzTarget<Buffer>({
  generate: (random) => Buffer.concat([Buffer.from([random.below(METHODS.length)]), randomMessage(random)]),
  check: async (input) => {
    node ??= Node.start();
    const method = METHODS[(input[0] ?? 0) % METHODS.length];
    if (method === undefined) return;
    failures.length = 0;
    const name = `${method.service.fullName}/${method.method.name}`;
    try {
      await callRaw((await node).channel, method, input.subarray(1));
    } catch (e) {
      if (!isFault(e)) throw e;
      if (isFault(e, 'unavailable') || isFault(e, 'deadline') || isFault(e, 'unknown'))
        throw new Error(`${name}: ${e.kind}: ${e.message}`);
    }
    if (failures.length > 0) throw new Error(`${name} failed inside: ${failures.join('\n')}`);
  },
  close: async () => (await node)?.[Symbol.asyncDispose](),
});
