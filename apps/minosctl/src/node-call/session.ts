import { Fault } from '@minos/base';
import type { CallOptions, RpcChannel } from '@minos/rpc';
import { dial } from '@minos/rpc';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { FailureExplainer } from '../explain/explain-failure.ts';
import { CommandTrace, TRACE_HEADER } from '../trace/command-trace.ts';
import { chooseEndpoint } from './choose-endpoint.ts';
import { forEachNode, type NodeAnswers } from './for-each-node.ts';
import { type Endpoint, endpointText } from './parse-endpoint.ts';
import { planConnection } from './plan-connection.ts';

/** How many unary calls are in flight at most. */
const PARALLEL = 32;
const UNARY_TIMEOUT_MS = 60_000;

/** A connection to an endpoint, and the nodes to reach through it. */
export interface NodeSession extends Disposable {
  readonly nodes: readonly string[];
  readonly channel: RpcChannel;
  readonly signal: AbortSignal;
  /** What happened when, if that is wanted. */
  readonly trace: CommandTrace | undefined;
  /** Where calls go first. */
  readonly endpoint: Endpoint;
  /** The failure of a call with what can be found out about it: reason, hop, evidence, what to do next. Never rejects. */
  explain(error: unknown): Promise<unknown>;
  /** Options of a stream to a node. */
  to(node: string): CallOptions;
  /** Asks every node, some at a time; each call has a minute. */
  ask<T>(work: (node: string, options: CallOptions) => Promise<T>): Promise<NodeAnswers<T>>;
}

/** Opens a session for a command and closes it after; the nodes are those of `--nodes`, else of the context. */
export async function withSession<V>(call: CommandCall<V>, work: (session: NodeSession) => Promise<ExitCode>): Promise<ExitCode> {
  using session = await openSession(call);
  try {
    return await work(session);
  } catch (e) {
    throw await session.explain(e);
  } finally {
    if (session.trace !== undefined) call.terminal.complain(session.trace.text().trimEnd());
  }
}

/** Makes sure that exactly one node is meant, and says which. */
export function onlyNode(session: NodeSession, command: string): string {
  const [node] = session.nodes;
  if (node === undefined || session.nodes.length !== 1) {
    throw new Fault(
      'invalid',
      `${command} works on exactly one node, not on ${session.nodes.length} (${session.nodes.join(', ')}); choose it: -n ${node}`,
    );
  }
  return node;
}

async function openSession<V>(call: CommandCall<V>): Promise<NodeSession> {
  const { endpoints, nodes, tls, isRouted, warning } = await planConnection(call);
  if (warning !== undefined) call.terminal.complain(warning);
  const { signal } = call.terminal;
  const endpoint = await chooseEndpoint(endpoints, signal);
  const trace = call.globals.trace ? new CommandTrace(call.terminal.clock, endpointText(endpoint)) : undefined;
  const channel = dial({ kind: 'tcp', ...endpoint, tls });
  trace?.watch(channel);
  const explainer = new FailureExplainer({ endpoint, tls }, () => call.terminal.clock.now());
  const explained = <T>(work: Promise<T>): Promise<T> =>
    work.catch(async (e: unknown) => {
      throw await explainer.explain(e);
    });
  const to = (node: string): CallOptions => {
    const metadata = { ...(isRouted ? { node } : {}), ...(trace === undefined ? {} : { [TRACE_HEADER]: '1' }) };
    return { metadata, signal, ...(trace === undefined ? {} : { observe: (path: string) => trace.began(node, path) }) };
  };
  return {
    nodes,
    channel,
    signal,
    trace,
    to,
    endpoint,
    explain: (error) => explainer.explain(error),
    ask: (work) => forEachNode(nodes, PARALLEL, (node) => explained(work(node, { ...to(node), timeoutMs: UNARY_TIMEOUT_MS }))),
    [Symbol.dispose]: () => {
      channel[Symbol.dispose]();
      trace?.[Symbol.dispose]();
    },
  };
}
