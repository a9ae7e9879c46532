import { type Event, MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';
import { DocumentWriter } from '../output/documents.ts';
import { plainValue } from '../output/plain-value.ts';
import { alignRow, type Row } from '../output/table.ts';
import { type NodeEvent, readEvent } from '../track/read-event.ts';

interface Options {
  readonly tail: number;
  readonly duration: string | undefined;
  readonly since: string | undefined;
  readonly 'actor-id': string | undefined;
}

const HEADING: Row = ['NODE', 'ID', 'EVENT', 'ACTOR', 'SOURCE', 'MESSAGE'];
/** Columns of a table that never ends cannot follow their contents. */
const WIDTHS = [15, 20, 18, 36, 12, 0];

/** Follows the events of the nodes. */
export const events: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const { tail, duration, since } = call.options;
    const request = {
      tailEvents: tail,
      tailSeconds: duration === undefined ? 0 : secondsOf(duration),
      tailId: since ?? '',
      withActorId: call.options['actor-id'] ?? '',
    };
    const show = await shower(call);
    return streamNodes(session, call.terminal, { open: (_node, options) => machine.Events(request, options), show });
  });

async function shower(call: CommandCall<Options>): Promise<(node: string, message: Event) => Promise<void>> {
  const { globals, terminal } = call;
  const writer = globals.output === 'table' ? undefined : new DocumentWriter(terminal, globals.output);
  if (writer === undefined) await terminal.out(`${alignRow(HEADING, WIDTHS)}\n`);
  return async (node, message) => {
    const event = readEvent(message);
    if (event === undefined) return;
    if (writer === undefined) {
      const row = [node, message.id, event.name, message.actorId, event.source, event.text];
      await terminal.out(`${alignRow(row, WIDTHS)}\n`);
    } else {
      await writer.write(documentOf(node, message, event));
    }
  };
}

function documentOf(node: string, message: Event, event: NodeEvent) {
  return { node, id: message.id, actorId: message.actorId, event: event.name, data: plainValue(event.data) };
}

function secondsOf(duration: string): number {
  const match = /^(\d+)(s|m|h)?$/.exec(duration);
  if (match === null) throw new Fault('invalid', `--duration takes a time such as 30s, 5m or 2h, not "${duration}"`);
  return Number(match[1]) * ({ s: 1, m: 60, h: 3600 }[match[2] ?? 's'] ?? 1);
}
