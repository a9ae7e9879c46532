import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { LineSplitter } from '../node-call/line-splitter.ts';
import { withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly follow: boolean;
  readonly tail: boolean;
}

/** Prints the kernel log of the nodes, each line after its node. */
export const dmesg: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const splitters = new Map(session.nodes.map((node) => [node, new LineSplitter()]));
    const print = async (node: string, lines: readonly string[]): Promise<void> => {
      if (lines.length > 0) await call.terminal.out(lines.map((line) => `${node}: ${printable(line)}\n`).join(''));
    };
    return streamNodes(session, call.terminal, {
      open: (_node, options) => machine.Dmesg({ follow: call.options.follow, tail: call.options.tail }, options),
      show: (node, { bytes }) => print(node, splitters.get(node)?.push(bytes) ?? []),
      end: (node) => print(node, splitters.get(node)?.end() ?? []),
    });
  });
