import { LogsRequest, MachineServiceDefinition, type VersionResponse } from '@minos/api/machine';
import { isFault, messageOf, systemClock } from '@minos/base';
import { type Client, client, type RpcChannel } from '@minos/rpc';

/** Its nodes have a large file, the same everywhere, at `/var/soak`. */
export interface SoakTarget {
  /** The nodes, by the addresses under which the endpoint knows them. */
  readonly nodes: readonly string[];
  /** A connection to an endpoint. */
  dial(): Promise<RpcChannel>;
}

/** How many calls of one kind there were. */
export interface SoakCount {
  done: number;
  failed: number;
}

type Machine = Client<typeof MachineServiceDefinition>;

interface Load {
  readonly machine: Machine;
  readonly target: SoakTarget;
  readonly signal: AbortSignal;
}

/** A kind of load: so many do it at a time, each again and again with a pause. */
interface Kind {
  readonly name: string;
  readonly workers: number;
  readonly pauseMs: number;
  run(load: Load, round: number): Promise<void>;
}

const BIG_FILE = '/var/soak';
const FOLLOW_MS = 3000;
const SLOW_MS = 5000;
/** Enough to tell what is wrong. */
const MOST_KEPT = 20;

const KINDS: readonly Kind[] = [
  { name: 'unary', workers: 4, pauseMs: 10, run: unary },
  { name: 'fan-out', workers: 2, pauseMs: 20, run: fanOut },
  { name: 'stream', workers: 1, pauseMs: 200, run: stream },
  { name: 'fan-out stream', workers: 1, pauseMs: 500, run: fanOutStream },
  { name: 'follow', workers: 2, pauseMs: 50, run: follow },
  { name: 'cancel', workers: 1, pauseMs: 50, run: cancel },
  { name: 'slow reader', workers: 2, pauseMs: 100, run: slowReader },
  { name: 'new connection', workers: 1, pauseMs: 300, run: newConnection },
];

/** Loads the nodes with calls of every kind until it is aborted; calls that are under way then do not count. */
export class SoakLoad {
  readonly counts: Readonly<Record<string, SoakCount>> = Object.fromEntries(
    KINDS.map(({ name }) => [name, { done: 0, failed: 0 }]),
  );
  readonly failures: string[] = [];

  /** Runs until aborted. */
  async run(target: SoakTarget, signal: AbortSignal): Promise<void> {
    using channel = await target.dial();
    const load = { machine: client(channel, MachineServiceDefinition), target, signal };
    await Promise.all(KINDS.flatMap((kind) => Array.from({ length: kind.workers }, (_, n) => this.#repeat(kind, load, n))));
  }

  async #repeat(kind: Kind, load: Load, first: number): Promise<void> {
    const count = this.counts[kind.name] ?? { done: 0, failed: 0 };
    for (let round = first; !load.signal.aborted; round++) {
      try {
        await kind.run(load, round);
        count.done++;
      } catch (e) {
        if (load.signal.aborted) return;
        count.failed++;
        if (this.failures.length < MOST_KEPT) this.failures.push(`${new Date().toISOString()} ${kind.name}: ${messageOf(e)}`);
      }
      await pause(kind.pauseMs, load.signal);
    }
  }
}

async function unary({ machine, target, signal }: Load, round: number): Promise<void> {
  const options = { metadata: { node: nodeOf(target, round) }, signal, timeoutMs: 30_000 };
  if (round % 3 === 0) await machine.Memory({}, options);
  else if (round % 3 === 1) await machine.ServiceList({}, options);
  else expectVersions(await machine.Version({}, options), 1);
}

async function fanOut({ machine, target, signal }: Load): Promise<void> {
  const nodes = [...target.nodes];
  expectVersions(await machine.Version({}, { metadata: { nodes }, signal, timeoutMs: 30_000 }), nodes.length);
}

async function stream({ machine, target, signal }: Load, round: number): Promise<void> {
  let bytes = 0;
  for await (const part of machine.Read({ path: BIG_FILE }, { metadata: { node: nodeOf(target, round) }, signal })) {
    bytes += part.bytes.length;
  }
  if (bytes < 1_000_000) throw new Error(`only ${bytes} bytes of ${BIG_FILE}`);
}

async function fanOutStream({ machine, target, signal }: Load): Promise<void> {
  const bytes = new Map<string, number>();
  for await (const part of machine.Read({ path: BIG_FILE }, { metadata: { nodes: [...target.nodes] }, signal })) {
    const { hostname = '', error = '' } = part.metadata ?? {};
    if (error !== '') throw new Error(`${hostname}: ${error}`);
    bytes.set(hostname, (bytes.get(hostname) ?? 0) + part.bytes.length);
  }
  if (new Set(bytes.values()).size !== 1 || bytes.size !== target.nodes.length) {
    throw new Error(`nodes sent different files: ${JSON.stringify([...bytes])}`);
  }
}

async function follow({ machine, target, signal }: Load, round: number): Promise<void> {
  const metadata = round % 2 === 0 ? { nodes: [...target.nodes] } : { node: nodeOf(target, round) };
  const until = AbortSignal.any([signal, AbortSignal.timeout(FOLLOW_MS)]);
  const request = LogsRequest.fromPartial({ id: 'apid', follow: true, tailLines: 5 });
  await cancelled(until, async () => {
    for await (const part of machine.Logs(request, { metadata, signal: until })) {
      if (part.metadata?.error) throw new Error(part.metadata.error);
    }
    throw new Error('a log that is followed ended');
  });
}

async function cancel({ machine, target, signal }: Load, round: number): Promise<void> {
  const until = AbortSignal.any([signal, AbortSignal.timeout(1 + (round % 7))]);
  const ask = (node: string): Promise<unknown> => machine.Version({}, { metadata: { node }, signal: until });
  await Promise.all(target.nodes.map((node) => cancelled(until, () => ask(node))));
}

async function slowReader({ machine, target, signal }: Load, round: number): Promise<void> {
  const metadata = round % 2 === 0 ? { nodes: [...target.nodes] } : { node: nodeOf(target, round) };
  const until = AbortSignal.any([signal, AbortSignal.timeout(SLOW_MS)]);
  await cancelled(until, async () => {
    for await (const part of machine.Read({ path: BIG_FILE }, { metadata, signal: until })) {
      if (part.metadata?.error) throw new Error(part.metadata.error);
      await pause(100, until);
    }
  });
}

async function newConnection({ target, signal }: Load): Promise<void> {
  using channel = await target.dial();
  const machine = client(channel, MachineServiceDefinition);
  await Promise.all(target.nodes.map((node) => machine.Version({}, { metadata: { node }, signal, timeoutMs: 30_000 })));
}

function nodeOf({ nodes }: SoakTarget, round: number): string {
  return nodes[round % nodes.length] ?? '';
}

function expectVersions({ messages }: VersionResponse, count: number): void {
  const errors = messages.flatMap(({ metadata }) => (metadata?.error ? [`${metadata.hostname}: ${metadata.error}`] : []));
  if (errors.length > 0 || messages.length !== count) throw new Error(`${messages.length} answers; ${errors.join('; ')}`);
}

/** Does work that may end by the cancellation that is meant. */
async function cancelled(signal: AbortSignal, work: () => Promise<unknown>): Promise<void> {
  try {
    await work();
  } catch (e) {
    if (!signal.aborted || !isFault(e, 'cancelled')) throw e;
  }
}

/** Waits; ends early, and quietly, when aborted. */
async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await systemClock.sleep(ms, signal);
  } catch (e) {
    if (!isFault(e, 'cancelled')) throw e;
  }
}
