import { Empty } from '@minos/api/google';
import { MachineServiceDefinition, type ServiceInfo } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { client } from '@minos/rpc';
import type { CommandCall, ExitCode, RunCommand } from '../cli/command.ts';
import { reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { timestampMs } from '../output/plain-value.ts';
import { agoText } from '../output/quantity.ts';
import { tableText } from '../output/table.ts';
import { writeEach } from '../write/write-each.ts';
import type { WriteOptions } from '../write/write-options.ts';
import { healthText, services } from './services.ts';

type Call = CommandCall<WriteOptions>;

const ACTIONS: Readonly<Record<string, RunCommand<WriteOptions>>> = {
  status,
  start: writeEach({
    gets: ({ words }) => `starts ${words[0]}`,
    ask: (machine, options, { words }) => machine.ServiceStart({ id: words[0] ?? '' }, options),
    line: ({ resp }) => resp,
  }),
  stop: writeEach({
    gets: ({ words }) => `stops ${words[0]}`,
    ask: (machine, options, { words }) => machine.ServiceStop({ id: words[0] ?? '' }, options),
    line: ({ resp }) => resp,
  }),
  restart: writeEach({
    gets: ({ words }) => `restarts ${words[0]}`,
    ask: (machine, options, { words }) => machine.ServiceRestart({ id: words[0] ?? '' }, options),
    line: ({ resp }) => resp,
  }),
};

/** Shows one service, or starts, stops or restarts it; without an id lists all. */
export const service: RunCommand<WriteOptions> = async (call) => {
  const [id, action = 'status'] = call.words;
  if (id === undefined) return services(call);
  const run = ACTIONS[action];
  if (run === undefined) throw new Fault('invalid', `a service cannot "${action}"`);
  return run(call);
};

async function status(call: Call): Promise<ExitCode> {
  const id = call.words[0] ?? '';
  return withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const { answers, failures } = await session.ask((_node, options) => machine.ServiceList(Empty.create(), options));
    const found = answers.flatMap(({ node, value }) =>
      value.messages.flatMap((message) => message.services.filter((s) => s.id === id).map((info) => ({ node, info }))),
    );
    if (call.globals.output === 'table') {
      for (const { node, info } of found) await call.terminal.out(statusText(node, info, call.terminal.clock.now()));
    } else {
      const writer = new DocumentWriter(call.terminal, call.globals.output);
      for (const { node, info } of found) await writer.write(nodeDocument(node, info));
    }
    const code = reportFailures(call.terminal, failures, session.nodes.length);
    if (found.length > 0 || answers.length === 0) return code;
    throw new Fault('missing', `service "${id}" is not registered on any node; minosctl services lists them`);
  });
}

function statusText(node: string, info: ServiceInfo, nowMs: number): string {
  const events = (info.events?.events ?? []).toReversed().map((event, i) => {
    const ago = event.ts === undefined ? '' : ` (${agoText(nowMs - timestampMs(event.ts))} ago)`;
    return [i === 0 ? 'EVENTS' : '', `[${event.state}]: ${event.msg}${ago}`];
  });
  const lastMessage = info.health?.lastMessage ?? '';
  const rows = [
    ['ID', info.id],
    ['STATE', info.state],
    ['HEALTH', healthText(info)],
    ...(lastMessage === '' ? [] : [['LAST HEALTH MESSAGE', lastMessage]]),
    ...events,
  ];
  return tableText(['NODE', node], rows);
}
