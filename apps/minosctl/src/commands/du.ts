import { MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { collect } from '../node-call/collect.ts';
import { type NodeFailure, reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { bytesText } from '../output/quantity.ts';
import { tableText } from '../output/table.ts';

interface Options {
  readonly humanize: boolean;
  readonly all: boolean;
  readonly depth: number;
  readonly threshold: number;
}

/** Shows how much directories of the nodes hold. */
export const du: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const { humanize, all, depth, threshold } = call.options;
    const request = {
      paths: call.words.length > 0 ? [...call.words] : ['/'],
      recursionDepth: depth + 1,
      all,
      threshold: BigInt(threshold),
    };
    const { answers, failures } = await session.ask((node) => collect(machine.DiskUsage(request, session.to(node))));
    const entries = answers.flatMap(({ node, value }) => value.map((info) => ({ node, info })));
    const readable = entries.filter(({ info }) => info.error === '');
    if (call.globals.output === 'table') {
      const isOne = session.nodes.length === 1;
      const rows = readable.map(({ node, info }) => [
        ...(isOne ? [] : [node]),
        humanize ? bytesText(Number(info.size)) : String(info.size),
        info.relativeName,
      ]);
      await call.terminal.out(tableText([...(isOne ? [] : ['NODE']), 'SIZE', 'NAME'], rows));
    } else {
      const writer = new DocumentWriter(call.terminal, call.globals.output);
      for (const { node, info } of readable) await writer.write(nodeDocument(node, info));
    }
    const unreadable = entries
      .filter(({ info }) => info.error !== '')
      .map(({ node, info }): NodeFailure => {
        return { node, error: new Fault('unknown', `${info.name}: ${info.error}`) };
      });
    return reportFailures(call.terminal, [...failures, ...unreadable], session.nodes.length);
  });
