import { type FileInfo, ListRequest_Type, MachineServiceDefinition } from '@minos/api/machine';
import { Fault } from '@minos/base';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { collect } from '../node-call/collect.ts';
import { type NodeFailure, reportFailures } from '../node-call/node-failure.ts';
import { withSession } from '../node-call/session.ts';
import { nodeDocument } from '../node-call/unary-table.ts';
import { DocumentWriter } from '../output/documents.ts';
import { modeText } from '../output/file-mode.ts';
import { bytesText } from '../output/quantity.ts';
import { type Row, tableText } from '../output/table.ts';

interface Options {
  readonly long: boolean;
  readonly recurse: boolean;
  readonly depth: number;
  readonly humanize: boolean;
  readonly type: readonly string[];
}

const TYPE: Readonly<Record<string, ListRequest_Type>> = {
  f: ListRequest_Type.REGULAR,
  d: ListRequest_Type.DIRECTORY,
  l: ListRequest_Type.SYMLINK,
};

/** Lists a directory of the nodes. */
export const ls: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const { options } = call;
    const request = {
      root: call.words[0] ?? '/',
      recurse: options.recurse || options.depth > 1,
      recursionDepth: options.recurse ? -1 : options.depth,
      types: options.type.map(typeOf),
      reportXattrs: options.long,
    };
    const { answers, failures } = await session.ask((node) => collect(machine.List(request, session.to(node))));
    const entries = answers.flatMap(({ node, value }) => value.map((info) => ({ node, info })));
    const readable = entries.filter(({ info }) => info.error === '');
    if (call.globals.output !== 'table') {
      const writer = new DocumentWriter(call.terminal, call.globals.output);
      for (const { node, info } of readable) await writer.write(nodeDocument(node, info));
    } else if (options.long) {
      const rows = readable.map(({ node, info }) => [node, ...longRow(info, options.humanize)]);
      await call.terminal.out(tableText(['NODE', 'MODE', 'UID', 'GID', 'SIZE(B)', 'LASTMOD', 'LABEL', 'NAME'], rows));
    } else if (session.nodes.length === 1) {
      await call.terminal.out(readable.map(({ info }) => `${info.relativeName}\n`).join(''));
    } else {
      await call.terminal.out(
        tableText(
          ['NODE', 'NAME'],
          readable.map(({ node, info }) => [node, info.relativeName]),
        ),
      );
    }
    const unreadable = entries
      .filter(({ info }) => info.error !== '')
      .map(({ node, info }): NodeFailure => {
        return { node, error: new Fault('unknown', `${info.name}: ${info.error}`) };
      });
    return reportFailures(call.terminal, [...failures, ...unreadable], session.nodes.length);
  });

function typeOf(letter: string): ListRequest_Type {
  const type = TYPE[letter];
  if (type === undefined) throw new Fault('invalid', `--type takes f (files), d (directories) or l (links), not "${letter}"`);
  return type;
}

function longRow(info: FileInfo, isHumanized: boolean): Row {
  const size = isHumanized ? bytesText(Number(info.size)) : String(info.size);
  const modified = new Date(Number(info.modified) * 1000).toISOString().replace('T', ' ').slice(0, 16);
  const label = info.xattrs.find(({ name }) => name === 'security.selinux')?.data.toString() ?? '';
  const name = info.link === '' ? info.relativeName : `${info.relativeName} -> ${info.link}`;
  return [modeText(info.mode), String(info.uid), String(info.gid), size, modified, label, name];
}
