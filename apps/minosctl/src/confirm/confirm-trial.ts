import { createHash } from 'node:crypto';
import { ConfigServiceDefinition, type PendingResponse } from '@minos/api/minos';
import { Fault, isFault, messageOf, throwIfAborted } from '@minos/base';
import { type CallOptions, type ClientTls, client, dial } from '@minos/rpc';
import type { Terminal } from '../cli/terminal.ts';
import { type Endpoint, endpointText, parseEndpoint } from '../node-call/parse-endpoint.ts';

/** How a configuration that may be on trial ended. */
export type TrialEnd =
  /** It is in force and there is no trial: nothing of it needed a confirmation. */
  | { readonly kind: 'kept' }
  /** Confirmed over a new path. */
  | { readonly kind: 'confirmed'; readonly over: string }
  /** The node has gone back, and answers. */
  | { readonly kind: 'reverted' }
  /** It was not confirmed, and the node does not answer. */
  | { readonly kind: 'lost'; readonly reason: string }
  /** The node knows no trials. */
  | { readonly kind: 'unknown' };

/** What is to be confirmed, and where the node may be found now. */
export interface TrialQuery {
  readonly node: string;
  /** Addresses that the new configuration gives it. */
  readonly addresses: readonly string[];
  readonly endpoints: readonly Endpoint[];
  /** Ways to know the node: what it shows may change with the configuration. */
  readonly tls: readonly ClientTls[];
  /** What was sent. */
  readonly data: Buffer;
  readonly timeoutMs: number;
  /** Whether the node restarts before the trial begins. */
  readonly isRebooting: boolean;
}

const ATTEMPT_MS = 3000;
const PAUSE_MS = 300;
/** The node goes back at its own time, and is then told from one that is lost. */
const GRACE_MS = 15_000;
const REBOOT_MS = 120_000;

interface Path {
  readonly endpoint: Endpoint;
  readonly target: string;
  readonly tls: ClientTls;
}

/**
 * Confirms the configuration that a node has on trial, over connections made for it: again and again until it is confirmed, or
 * the node has gone back, or neither is known a while after its time. What is confirmed is the very configuration that was sent.
 */
export async function confirmTrial(query: TrialQuery, terminal: Terminal): Promise<TrialEnd> {
  const { clock, signal } = terminal;
  const digest = createHash('sha256').update(query.data).digest('hex');
  const endMs = clock.monotonicMs() + query.timeoutMs + GRACE_MS + (query.isRebooting ? REBOOT_MS : 0);
  const goesBackMs = clock.monotonicMs() + query.timeoutMs;
  let reason = 'the node does not answer';
  while (clock.monotonicMs() < endMs) {
    throwIfAborted(signal);
    const attempts = pathsOf(query).map((path) => tryPath(path, { query, digest }, signal));
    const results = await Promise.all(attempts.map((attempt) => attempt.catch((e: unknown) => ({ kind: 'failed', e }) as const)));
    const done = results.find((result) => result.kind === 'confirmed') ?? results.find((result) => result.kind === 'kept');
    if (done?.kind === 'confirmed' || done?.kind === 'kept') return done;
    if (results.some((result) => result.kind === 'failed' && isFault(result.e, 'unimplemented'))) return { kind: 'unknown' };
    const isBack = results.some((result) => result.kind === 'other');
    // Before a node restarts, it has the configuration before too.
    if (isBack && (!query.isRebooting || clock.monotonicMs() > goesBackMs + REBOOT_MS)) return { kind: 'reverted' };
    const failed = results.find((result) => result.kind === 'failed');
    if (failed !== undefined) reason = messageOf(failed.e);
    await clock.sleep(PAUSE_MS, signal);
  }
  return { kind: 'lost', reason };
}

/** Through every endpoint and straight to it, by its old name and its new addresses. */
function pathsOf({ node, addresses, endpoints, tls }: TrialQuery): readonly Path[] {
  const paths = new Map<string, Omit<Path, 'tls'>>();
  for (const target of [node, ...addresses]) {
    for (const endpoint of [...endpoints, parseEndpoint(target)]) {
      paths.set(`${endpointText(endpoint)} ${target}`, { endpoint, target });
    }
  }
  return [...paths.values()].flatMap((path) => tls.map((way) => ({ ...path, tls: way })));
}

type Attempt = { readonly kind: 'confirmed'; readonly over: string } | { readonly kind: 'kept' } | { readonly kind: 'other' };

async function tryPath(
  { endpoint, target, tls }: Path,
  { query, digest }: { readonly query: TrialQuery; readonly digest: string },
  signal: AbortSignal,
): Promise<Attempt> {
  const options: CallOptions = { metadata: { node: target }, timeoutMs: ATTEMPT_MS, signal };
  using channel = dial({ kind: 'tcp', host: endpoint.host, port: endpoint.port, tls });
  const config = client(channel, ConfigServiceDefinition);
  const pending: PendingResponse = await config.Pending({}, options);
  if (pending.digest !== digest) {
    if (target === query.node) return { kind: 'other' };
    throw new Fault('unavailable', `${target} is another node`);
  }
  if (pending.id === '') return { kind: 'kept' };
  await config.Confirm({ id: pending.id }, options);
  return { kind: 'confirmed', over: target === query.node ? endpointText(endpoint) : target };
}

/** Says what became of it; throws when the configuration is not in force any more. */
export function trialText(end: TrialEnd): string {
  switch (end.kind) {
    case 'kept':
    case 'unknown':
      return '';
    case 'confirmed':
      return `confirmed over ${end.over}`;
    case 'reverted':
      throw new Fault('aborted', 'it was not confirmed in time, and the node went back to the configuration before');
    case 'lost':
      throw new Fault('unavailable', `not confirmed, and the node was not seen going back: ${end.reason}`);
  }
}
