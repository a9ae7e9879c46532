import { MachineServiceDefinition } from '@minos/api/machine';
import { type CallOptions, type Client, client, type ServiceDefinition } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { DocumentWriter } from '../output/documents.ts';
import { type PlainValue, plainValue } from '../output/plain-value.ts';
import { type Row, tableText } from '../output/table.ts';
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
      const { answers, failures } = await session.ask((_node, options) => spec.ask(service, options, call));
      const messages = answers.flatMap(({ node, value }) => value.messages.map((message) => ({ node, message })));
      if (call.globals.output === 'table') {
        const heading = typeof spec.heading === 'function' ? spec.heading(call) : spec.heading;
        const rows = messages.flatMap(({ node, message }) => spec.rows(message, call).map((row) => [node, ...row]));
        if (answers.length > 0) await call.terminal.out(tableText(['NODE', ...heading], rows));
      } else {
        const writer = new DocumentWriter(call.terminal, call.globals.output);
        for (const { node, message } of messages) await writer.write(nodeDocument(node, message));
      }
      return reportFailures(call.terminal, failures, session.nodes.length);
    });
}

/** A node's message as plain data, with the node in front. */
export function nodeDocument(node: string, message: object): PlainValue {
  const { metadata: _routing, ...rest } = { metadata: undefined, ...message };
  const plain = plainValue(rest);
  return { node, ...(typeof plain === 'object' && plain !== null && !Array.isArray(plain) ? plain : { value: plain }) };
}
