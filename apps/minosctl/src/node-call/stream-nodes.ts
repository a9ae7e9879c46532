import { isFault } from '@minos/base';
import type { CallOptions } from '@minos/rpc';
import type { ExitCode } from '../cli/command.ts';
import type { Terminal } from '../cli/terminal.ts';
import { complainOf, type NodeFailure, summarizeFailures } from './node-failure.ts';
import type { NodeSession } from './session.ts';

/** A stream of each node, and what to do with it. */
export interface NodeStreams<M> {
  open(node: string, options: CallOptions): AsyncIterable<M>;
  /** Writes one message; awaited before the next is taken from that node, so a slow reader slows the nodes down. */
  show(node: string, message: M): Promise<void>;
  /** Called when a node's stream is over, before its error is printed. */
  end?(node: string): Promise<void>;
}

/**
 * Follows a stream of every node at once. A node that fails ends only its own stream: its error is printed at that
 * moment, the others go on, and the exit code is 1 in the end. Ctrl-C is not a failure.
 */
export async function streamNodes<M>(session: NodeSession, terminal: Terminal, streams: NodeStreams<M>): Promise<ExitCode> {
  const ends = await Promise.all(session.nodes.map((node) => streamNode(node, { session, terminal, streams })));
  const failures = ends.filter((end) => end !== undefined);
  summarizeFailures(terminal, failures, session.nodes.length);
  return failures.length > 0 ? 1 : 0;
}

interface Streaming<M> {
  readonly session: NodeSession;
  readonly terminal: Terminal;
  readonly streams: NodeStreams<M>;
}

async function streamNode<M>(node: string, { session, terminal, streams }: Streaming<M>): Promise<NodeFailure | undefined> {
  let failure: unknown;
  try {
    for await (const message of streams.open(node, session.to(node))) {
      if (terminal.signal.aborted) break;
      await streams.show(node, message);
    }
  } catch (e) {
    failure = e;
  }
  await streams.end?.(node);
  if (failure === undefined || (terminal.signal.aborted && isFault(failure, 'cancelled'))) return undefined;
  const told = { node, error: await session.explain(failure) };
  complainOf(terminal, told);
  return told;
}
