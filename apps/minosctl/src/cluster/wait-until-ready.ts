import { readFile } from 'node:fs/promises';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import { type Clock, Fault, hasCode } from '@minos/base';
import { dial } from '@minos/rpc';
import type { ConnectionContext } from '../client-config/load-context.ts';
import { printable } from '../output/table.ts';
import type { ClusterPlan, NodePlan } from './cluster-plan.ts';
import { readHolderStatus } from './holder-status.ts';
import { askMembers, askReadiness } from './node-readiness.ts';

const API_PORT = 50_000;
const EVERY_MS = 100;

/** What waiting needs. */
export interface WaitDeps {
  readonly context: ConnectionContext;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  progress(line: string): void;
}

/**
 * Waits until every node answers through the control plane, runs, is ready, and is a member; gives the version of each.
 * Throws `deadline`, naming the nodes, what each waits for, and its log, when that takes longer than allowed.
 */
export async function waitUntilReady(plan: ClusterPlan, deps: WaitDeps): Promise<ReadonlyMap<string, string>> {
  const { clock, signal, context } = deps;
  const until = clock.monotonicMs() + deps.timeoutMs;
  const versions = new Map<string, string>();
  let waiting = new Map(plan.nodes.map((node) => [node.name, 'starting']));
  const check = async (): Promise<void> => {
    deps.progress(progressLine(plan.nodes.length, waiting));
    if (clock.monotonicMs() >= until) throw await lateFault(plan, waiting, deps.timeoutMs);
    await clock.sleep(EVERY_MS, signal);
  };
  deps.progress(progressLine(plan.nodes.length, waiting));
  // gRPC waits longer after each refusal; until somebody listens, plain connections find out sooner.
  while (!(await listens(plan.endpoint))) await check();
  using channel = dial({
    kind: 'tcp',
    host: plan.endpoint,
    port: API_PORT,
    tls: { ca: context.ca, cert: context.crt, key: context.key.reveal() },
  });
  for (;;) {
    const pending = plan.nodes.filter((node) => !versions.has(node.name));
    const answers = await Promise.all(
      pending.map(async (node) => ({ node, found: await askReadiness(channel, node.address, signal) })),
    );
    waiting = new Map();
    for (const { node, found } of answers) {
      if (found.kind === 'ready') versions.set(node.name, found.version);
      else waiting.set(node.name, found.reason);
    }
    if (waiting.size === 0) {
      const members = await askMembers(channel, plan.endpoint, signal);
      for (const { name } of plan.nodes) if (!members.has(name)) waiting.set(name, 'not yet known as a member');
      if (waiting.size === 0) return versions;
    }
    await check();
  }
}

function progressLine(total: number, waiting: ReadonlyMap<string, string>): string {
  const reasons = [...waiting].map(([name, reason]) => `${name}: ${printable(reason)}`);
  return `${total - waiting.size} of ${total} nodes ready; ${reasons.join('; ')}`;
}

async function lateFault(plan: ClusterPlan, waiting: ReadonlyMap<string, string>, timeoutMs: number): Promise<Fault> {
  const late = plan.nodes.filter((node) => waiting.has(node.name));
  const lines = await Promise.all(late.map(async (node) => `  ${node.name}: ${waiting.get(node.name)}${await describe(node)}`));
  return new Fault(
    'deadline',
    [
      `not ready after ${Math.round(timeoutMs / 1000)} s:`,
      ...lines,
      'next: read the logs above; the cluster is left as it is: minosctl cluster show, minosctl cluster down',
    ].join('\n'),
  );
}

async function describe({ files }: NodePlan): Promise<string> {
  const status = await readHolderStatus(files.status);
  const state = status === undefined ? 'its holder is gone' : `${status.state}, started ${status.starts} times`;
  const machinedLog = join(files.ephemeral, 'log/machined.log');
  const last = (await lastLine(machinedLog)) || (await lastLine(files.log));
  const said = last === '' ? '' : `; last: ${printable(last.slice(0, 400))}`;
  return ` (${state})\n    logs: ${files.log}, ${machinedLog}${said}`;
}

async function lastLine(path: string): Promise<string> {
  try {
    return (await readFile(path, 'utf8')).trimEnd().split('\n').at(-1) ?? '';
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return '';
    throw e;
  }
}

function listens(host: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ host, port: API_PORT, timeout: 1000 });
    const settle = (answer: boolean): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => settle(true));
    socket.once('error', () => settle(false));
    socket.once('timeout', () => settle(false));
  });
}
