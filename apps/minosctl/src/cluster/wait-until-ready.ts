import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { aborted, type Clock, Fault, hasCode } from '@minos/base';
import { dial, type RpcChannel } from '@minos/rpc';
import type { ConnectionContext } from '../client-config/load-context.ts';
import { askMembers, askReadiness } from '../node-call/node-readiness.ts';
import { printable } from '../output/table.ts';
import type { ClusterPlan, NodePlan } from './cluster-plan.ts';
import { findHolders } from './find-holders.ts';
import { readHolderStatus } from './holder-status.ts';
import { API_PORT, untilListening } from './until-listening.ts';

const EVERY_MS = 50;
const HOLDERS_EVERY_MS = 1000;

/** What waiting needs. */
export interface WaitDeps {
  readonly context: ConnectionContext;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly timeoutMs: number;
  progress(line: string): void;
}

interface Waiting {
  readonly plan: ClusterPlan;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Says what a node waits for; undefined when it is ready. */
  note(name: string, reason: string | undefined): void;
}

/**
 * Waits until every node answers through the control plane, runs, is ready, and is a member; gives the version of each.
 * Throws `deadline` when that takes longer than allowed, and `aborted` when a holder is gone: both name the nodes, what
 * each waits for, and its log.
 */
export async function waitUntilReady(plan: ClusterPlan, deps: WaitDeps): Promise<ReadonlyMap<string, string>> {
  const { clock, context } = deps;
  const reasons = new Map(plan.nodes.map((node) => [node.name, 'starting']));
  const show = (): void => deps.progress(progressLine(plan.nodes.length, reasons));
  const note = (name: string, reason: string | undefined): void => {
    if (reason === undefined) reasons.delete(name);
    else reasons.set(name, reason);
    show();
  };
  const stop = new AbortController();
  const signal = AbortSignal.any([deps.signal, stop.signal]);
  const waiting = { plan, clock, signal, note };
  using channel = dial({
    kind: 'tcp',
    host: plan.endpoint,
    port: API_PORT,
    tls: { ca: context.ca, cert: context.crt, key: context.key.reveal() },
  });
  show();
  try {
    const late = clock
      .sleep(deps.timeoutMs, signal)
      .then(() => ({ why: `not ready after ${Math.round(deps.timeoutMs / 1000)} s` }));
    const lost = holderLost(waiting).then((node) => ({ why: `the holder of ${node} is gone` }));
    const end = await Promise.race([everyNodeReady(waiting, channel), late, lost]);
    if (!('why' in end)) return end;
    throw await notReady(plan, reasons, end.why);
  } finally {
    stop.abort();
  }
}

async function everyNodeReady(waiting: Waiting, channel: RpcChannel): Promise<ReadonlyMap<string, string>> {
  const { plan, clock, signal, note } = waiting;
  const ready = await Promise.all(
    plan.nodes.map(
      async ({ name, address }): Promise<[string, string]> => [name, await nodeReady({ name, address }, waiting, channel)],
    ),
  );
  for (;;) {
    const members = await askMembers(channel, plan.endpoint, signal);
    const missing = plan.nodes.filter(({ name }) => !members.has(name));
    if (missing.length === 0) return new Map(ready);
    for (const { name } of missing) note(name, 'not yet known as a member');
    await clock.sleep(EVERY_MS, signal);
  }
}

async function nodeReady(
  { name, address }: Pick<NodePlan, 'name' | 'address'>,
  { plan, clock, signal, note }: Waiting,
  channel: RpcChannel,
): Promise<string> {
  // gRPC, here and in the control plane, waits longer after each refusal; plain connections find out sooner.
  for (const host of new Set([plan.endpoint, address])) {
    await untilListening(host, { clock, signal });
  }
  for (;;) {
    const found = await askReadiness(channel, address, signal);
    note(name, found.kind === 'ready' ? undefined : found.reason);
    if (found.kind === 'ready') return found.version;
    await clock.sleep(EVERY_MS, signal);
  }
}

/** Resolves with the first node whose holder does not run; waits for ever while all do. */
async function holderLost({ plan, clock, signal }: Waiting): Promise<string> {
  while (!signal.aborted) {
    await clock.sleep(HOLDERS_EVERY_MS, signal);
    const holders = await findHolders();
    const lost = plan.nodes.find((node) => holders.every((holder) => holder.pidfile !== node.files.pidfile));
    if (lost !== undefined) return lost.name;
  }
  await aborted(signal);
  throw new Fault('cancelled', 'cancelled');
}

function progressLine(total: number, reasons: ReadonlyMap<string, string>): string {
  const texts = [...reasons].map(([name, reason]) => `${name}: ${printable(reason)}`);
  return `${total - reasons.size} of ${total} nodes ready${texts.length === 0 ? '' : `; ${texts.join('; ')}`}`;
}

async function notReady(plan: ClusterPlan, reasons: ReadonlyMap<string, string>, why: string): Promise<Fault> {
  const late = plan.nodes.filter((node) => reasons.has(node.name));
  const lines = await Promise.all(late.map(async (node) => `  ${node.name}: ${reasons.get(node.name)}${await describe(node)}`));
  const next = 'next: read the logs above; the cluster is left as it is: minosctl cluster show, minosctl cluster down';
  return new Fault('deadline', [`${why}:`, ...lines, next].join('\n'));
}

async function describe({ files }: NodePlan): Promise<string> {
  const status = await readHolderStatus(files.status);
  const state = status === undefined ? 'never started' : `${status.state}, started ${status.starts} times`;
  const machinedLog = join(files.ephemeral, 'log/machined.log');
  const last = (await lastLine(machinedLog)) || (await lastLine(files.log));
  const said = last === '' ? '' : `\n    last: ${printable(last.slice(0, 400))}`;
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
