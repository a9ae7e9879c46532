import { Fault, messageOf } from '@minos/base';
import type { CallOptions, RpcChannel } from '@minos/rpc';
import { dial } from '@minos/rpc';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { FailureExplainer } from '../explain/explain-failure.ts';
import type { Asking } from '../select/find-members.ts';
import { type ResolvedNodes, resolveNodes } from '../select/resolve-nodes.ts';
import { CommandTrace, TRACE_HEADER } from '../trace/command-trace.ts';
import { chooseEndpoint } from './choose-endpoint.ts';
import { forEachNode, type NodeAnswers } from './for-each-node.ts';
import { type Endpoint, endpointText } from './parse-endpoint.ts';
import { planConnection } from './plan-connection.ts';

/** How many unary calls are in flight at most. */
const PARALLEL = 32;
const UNARY_TIMEOUT_MS = 60_000;

/** A connection to an endpoint, and the nodes to reach through it. */
export interface NodeSession extends Asking, Disposable {
  readonly nodes: readonly string[];
  /** Whether a selector chose some of them. */
  readonly isSelected: boolean;
  /** Whether calls name their node; the machine itself is meant otherwise. */
  readonly isRouted: boolean;
  readonly channel: RpcChannel;
  readonly signal: AbortSignal;
  /** What happened when, if that is wanted. */
  readonly trace: CommandTrace | undefined;
  /** Where calls go first. */
  readonly endpoint: Endpoint;
  /** The failure of a call with what can be found out about it: reason, hop, evidence, what to do next. Never rejects. */
  explain(error: unknown): Promise<unknown>;
  /** Options of a stream to a node; to the endpoint itself when undefined. */
  to(node: string | undefined): CallOptions;
  /** Asks every node, some at a time; each call has a minute. */
  ask<T>(work: (node: string, options: CallOptions) => Promise<T>): Promise<NodeAnswers<T>>;
}

/** Opens a session for a command and closes it after; the nodes are those of `--nodes`, else of the context. */
export async function withSession<V>(call: CommandCall<V>, work: (session: NodeSession) => Promise<ExitCode>): Promise<ExitCode> {
  using session = await connect(call);
  try {
    const { nodes, isSelected, unknown } = await session.resolve();
    for (const { node, error } of unknown) {
      call.terminal.complain(`warning: ${node} did not say whether it is meant, and is left out: ${messageOf(error)}`);
    }
    const code = await work({ ...session, nodes, isSelected, ask: (ask) => session.ask(nodes, ask) });
    return code === 0 && unknown.length > 0 ? 1 : code;
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

/** A session before it is known which nodes it is about. */
interface Connected extends Omit<NodeSession, 'nodes' | 'isSelected' | 'ask'> {
  resolve(): Promise<ResolvedNodes>;
  ask<T>(nodes: readonly string[], work: (node: string, options: CallOptions) => Promise<T>): Promise<NodeAnswers<T>>;
}

async function connect<V>(call: CommandCall<V>): Promise<Connected> {
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
  const to = (node: string | undefined): CallOptions => {
    const metadata = {
      ...(isRouted && node !== undefined ? { node } : {}),
      ...(trace === undefined ? {} : { [TRACE_HEADER]: '1' }),
    };
    return {
      metadata,
      signal,
      ...(trace === undefined ? {} : { observe: (path: string) => trace.began(node ?? endpointText(endpoint), path) }),
    };
  };
  const others = endpoints.map(({ host }) => host).filter((host) => host !== endpoint.host);
  return {
    channel,
    signal,
    trace,
    isRouted,
    to,
    endpoint,
    resolve: () => resolveNodes(nodes, { channel, to }, others),
    explain: (error) => explainer.explain(error),
    ask: (asked, work) =>
      forEachNode(asked, PARALLEL, (node) => explained(work(node, { ...to(node), timeoutMs: UNARY_TIMEOUT_MS }))),
    [Symbol.dispose]: () => {
      channel[Symbol.dispose]();
      trace?.[Symbol.dispose]();
    },
  };
}
