import { MachineServiceDefinition } from '@minos/api/machine';
import { type CallOptions, client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { withSession } from '../node-call/session.ts';
import { type MachineClient, nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { guardedWrite, type WriteCall } from './guarded-write.ts';
import type { WriteOptions } from './write-options.ts';

/** A change that is one call to a node and leaves it up. */
export interface SmallWrite<M extends object> {
  /** What each node gets, in a few words. */
  gets(call: WriteCall): string;
  ask(machine: MachineClient, options: CallOptions, call: WriteCall): Promise<{ readonly messages: readonly M[] }>;
  /** What became of it, for a table. */
  line(message: M, call: WriteCall): string;
}

const TIMEOUT_MS = 60_000;

/** Makes the work of a command that changes nodes by one call each. */
export function writeEach<M extends object>(spec: SmallWrite<M>): RunCommand<WriteOptions> {
  return (call) =>
    withSession(call, (session) => {
      const machine = client(session.channel, MachineServiceDefinition);
      const writer = call.globals.output === 'table' ? undefined : new DocumentWriter(call.terminal, call.globals.output);
      return guardedWrite(call, session, {
        gets: spec.gets(call),
        downtime: 'none',
        isForced: false,
        apply: async (node) => {
          const { messages } = await spec.ask(machine, { ...session.to(node), timeoutMs: TIMEOUT_MS }, call);
          for (const message of messages) await writer?.write(nodeDocument(node, message));
          return writer === undefined ? messages.map((message) => spec.line(message, call)).join('; ') : '';
        },
      });
    });
}
