import { MachineServiceDefinition } from '@minos/api/machine';
import { type CallOptions, type Client, client, type ServiceDefinition } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { type DocumentForm, DocumentWriter } from '../output/documents.ts';
import { GrowingTable } from '../output/growing-table.ts';
import { type PlainValue, plainValue } from '../output/plain-value.ts';
import type { Row } from '../output/table.ts';
import { type AnswerSink, FirstAnswers } from './first-answers.ts';
import type { NodeAnswer } from './for-each-node.ts';
import { reportFailures } from './node-failure.ts';
import { withSession } from './session.ts';

/** The calls of a node's machined. */
export type MachineClient = Client<typeof MachineServiceDefinition>;

/** A command that asks every node once and shows the answers as one table. */
export interface UnaryTable<V, M extends object> extends ServiceTable<typeof MachineServiceDefinition, V, M> {}

/** The same with another service of the nodes. */
export interface ServiceTable<D extends ServiceDefinition, V, M extends object> {
  ask(service: Client<D>, options: CallOptions, call: CommandCall<V>): Promise<{ readonly messages: readonly M[] }>;
  readonly heading: Row | ((call: CommandCall<V>) => Row);
  /** Cells behind NODE. */
  rows(message: M, call: CommandCall<V>): readonly Row[];
}

/** Makes the work of such a command: rows of good nodes are printed whatever others do. */
export function unaryTable<V, M extends object>(spec: UnaryTable<V, M>): RunCommand<V> {
  return serviceTable(MachineServiceDefinition, spec);
}

/** Makes the work of such a command with another service. */
export function serviceTable<D extends ServiceDefinition, V, M extends object>(
  definition: D,
  spec: ServiceTable<D, V, M>,
): RunCommand<V> {
  return (call) =>
    withSession(call, async (session) => {
      const service = client(session.channel, definition);
      const sink = call.globals.output === 'table' ? tableSink(spec, call) : documentSink<M>(call, call.globals.output);
      const answers = new FirstAnswers(session.nodes, call.terminal.clock, sink);
      const { failures } = await session.ask(async (node, options) => {
        const { messages } = await spec.ask(service, options, call);
        await answers.add({ node, value: messages });
      });
      await answers.end();
      return reportFailures(call.terminal, failures, session.nodes.length);
    });
}

/** Rows of one table, which grows with every node that answers. */
function tableSink<D extends ServiceDefinition, V, M extends object>(
  spec: ServiceTable<D, V, M>,
  call: CommandCall<V>,
): AnswerSink<readonly M[]> {
  const heading = typeof spec.heading === 'function' ? spec.heading(call) : spec.heading;
  const table = new GrowingTable(call.terminal, ['NODE', ...heading]);
  const rowsOf = ({ node, value }: NodeAnswer<readonly M[]>): readonly Row[] =>
    value.flatMap((message) => spec.rows(message, call).map((row) => [node, ...row]));
  return {
    // A heading over nothing would say that there is nothing.
    first: async (answers) => (answers.length > 0 ? table.add(answers.flatMap(rowsOf)) : undefined),
    later: (answer) => table.add(rowsOf(answer)),
  };
}

/** One object for each message. */
function documentSink<M extends object>(call: CommandCall<unknown>, form: DocumentForm): AnswerSink<readonly M[]> {
  const writer = new DocumentWriter(call.terminal, form);
  const write = async ({ node, value }: NodeAnswer<readonly M[]>): Promise<void> => {
    for (const message of value) await writer.write(nodeDocument(node, message));
  };
  return {
    first: async (answers) => {
      for (const answer of answers) await write(answer);
    },
    later: write,
  };
}

/** A node's message as plain data, with the node in front. */
export function nodeDocument(node: string, message: object): PlainValue {
  const { metadata: _routing, ...rest } = { metadata: undefined, ...message };
  const plain = plainValue(rest);
  return { node, ...(typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? plain : { value: plain }) };
}
