import { MachineServiceDefinition } from '@minos/api/machine';
import { DiagnosisServiceDefinition } from '@minos/api/minos';
import { Fault } from '@minos/base';
import { type CallOptions, type Client, client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { LineSplitter } from '../node-call/line-splitter.ts';
import { withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly follow: boolean;
  readonly tail: boolean;
  readonly boot: number;
}

/** Prints the kernel log of the nodes, each line after its node. */
export const dmesg: RunCommand<Options> = (call) =>
  withSession(call, async (session) => {
    const machine = client(session.channel, MachineServiceDefinition);
    const splitters = new Map(session.nodes.map((node) => [node, new LineSplitter()]));
    const print = async (node: string, lines: readonly string[]): Promise<void> => {
      if (lines.length > 0) await call.terminal.out(lines.map((line) => `${node}: ${printable(line)}\n`).join(''));
    };
    const { boot } = call.options;
    if (boot > 0 || (boot < 0 && (call.options.follow || call.options.tail)))
      throw new Fault('invalid', '--boot takes 0 for this boot, or -1, -2, …, without --follow and --tail');
    const diagnosis = client(session.channel, DiagnosisServiceDefinition);
    return streamNodes(session, call.terminal, {
      open: (_node, options) =>
        boot < 0
          ? earlierBoot(diagnosis, boot, options)
          : machine.Dmesg({ follow: call.options.follow, tail: call.options.tail }, options),
      show: (node, { bytes }) => print(node, splitters.get(node)?.push(bytes) ?? []),
      end: (node) => print(node, splitters.get(node)?.end() ?? []),
    });
  });

async function* earlierBoot(
  diagnosis: Client<typeof DiagnosisServiceDefinition>,
  boot: number,
  options: CallOptions,
): AsyncGenerator<{ readonly bytes: Buffer }> {
  yield await diagnosis.BootLog({ boot, service: 'kernel' }, options);
}
