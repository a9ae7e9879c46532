import { ContainerDriver } from '@minos/api/common';
import { MachineServiceDefinition } from '@minos/api/machine';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { LineSplitter } from '../node-call/line-splitter.ts';
import { withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly follow: boolean;
  readonly tail: number;
}

/** Prints the log of a service, each line after its node; many nodes at once. */
export const logs: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const splitters = new Map(session.nodes.map((node) => [node, new LineSplitter()]));
    const print = async (node: string, lines: readonly string[]): Promise<void> => {
      if (lines.length > 0) await call.terminal.out(lines.map((line) => `${node}: ${printable(line)}\n`).join(''));
    };
    const request = {
      namespace: 'system',
      driver: ContainerDriver.CONTAINERD,
      id: call.words[0] ?? '',
      follow: call.options.follow,
      tailLines: call.options.tail,
    };
    return streamNodes(session, call.terminal, {
      open: (_node, options) => machine.Logs(request, options),
      show: (node, { bytes }) => print(node, splitters.get(node)?.push(bytes) ?? []),
      end: (node) => print(node, splitters.get(node)?.end() ?? []),
    });
  });
