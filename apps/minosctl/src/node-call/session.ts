import { Fault } from '@minos/base';
import type { CallOptions, RpcChannel } from '@minos/rpc';
import { dial } from '@minos/rpc';
import type { CommandCall, ExitCode } from '../cli/command.ts';
import { loadContext } from '../client-config/load-context.ts';
import { chooseEndpoint } from './choose-endpoint.ts';
import { forEachNode, type NodeAnswers } from './for-each-node.ts';
import { parseEndpoint } from './parse-endpoint.ts';

/** How many unary calls are in flight at most. */
const PARALLEL = 32;
const UNARY_TIMEOUT_MS = 60_000;

/** A connection to an endpoint, and the nodes to reach through it. */
export interface NodeSession extends Disposable {
  readonly nodes: readonly string[];
  readonly channel: RpcChannel;
  readonly signal: AbortSignal;
  /** Options of a stream to a node. */
  to(node: string): CallOptions;
  /** Asks every node, some at a time; each call has a minute. */
  ask<T>(work: (node: string, options: CallOptions) => Promise<T>): Promise<NodeAnswers<T>>;
}

/** Opens a session for a command and closes it after; the nodes are those of `--nodes`, else of the context. */
export async function withSession<V>(call: CommandCall<V>, work: (session: NodeSession) => Promise<ExitCode>): Promise<ExitCode> {
  using session = await openSession(call);
  return await work(session);
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

async function openSession<V>({ globals, terminal }: CommandCall<V>): Promise<NodeSession> {
  const context = await loadContext(terminal, globals);
  const given = globals.endpoints.length > 0 ? globals.endpoints : context.endpoints;
  const nodes = [...new Set(globals.nodes.length > 0 ? globals.nodes : context.nodes)];
  if (nodes.length === 0) {
    throw new Fault('invalid', `no node to talk to: use --nodes, or set some: minosctl config nodes <node>… (${context.file})`);
  }
  const endpoints = (given.length > 0 ? given : nodes).map(parseEndpoint);
  const { host, port } = await chooseEndpoint(endpoints, terminal.signal);
  const channel = dial({ kind: 'tcp', host, port, tls: { ca: context.ca, cert: context.crt, key: context.key.reveal() } });
  const { signal } = terminal;
  const to = (node: string): CallOptions => ({ metadata: { node }, signal });
  return {
    nodes,
    channel,
    signal,
    to,
    ask: (work) => forEachNode(nodes, PARALLEL, (node) => work(node, { ...to(node), timeoutMs: UNARY_TIMEOUT_MS })),
    [Symbol.dispose]: () => channel[Symbol.dispose](),
  };
}
