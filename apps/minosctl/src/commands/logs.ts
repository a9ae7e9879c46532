import { ContainerDriver } from '@minos/api/common';
import { MachineServiceDefinition } from '@minos/api/machine';
import { DiagnosisServiceDefinition } from '@minos/api/minos';
import { Fault } from '@minos/base';
import { client } from '@minos/rpc';
import type { RunCommand } from '../cli/command.ts';
import { durationMs } from '../cli/duration.ts';
import { LineSplitter } from '../node-call/line-splitter.ts';
import { withSession } from '../node-call/session.ts';
import { streamNodes } from '../node-call/stream-nodes.ts';
import { printable } from '../output/table.ts';

interface Options {
  readonly follow: boolean;
  readonly tail: number;
  readonly boot: number;
  readonly since: string | undefined;
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
    const since = sinceHeader(call.options.since, call.terminal.clock.now());
    if (call.options.boot !== 0) {
      const { boot, tail, follow } = call.options;
      if (boot > 0 || follow || call.options.since !== undefined)
        throw new Fault('invalid', '--boot takes 0 for this boot, or -1, -2, …, without --follow and --since');
      const diagnosis = client(session.channel, DiagnosisServiceDefinition);
      return streamNodes(session, call.terminal, {
        open: async function* (_node, options) {
          yield await diagnosis.BootLog({ boot, service: request.id }, options);
        },
        show: (node, { bytes }) => print(node, lastLines(bytes.toString('utf8'), tail)),
      });
    }
    return streamNodes(session, call.terminal, {
      open: (_node, options) => machine.Logs(request, { ...options, metadata: { ...options.metadata, ...since } }),
      show: (node, { bytes }) => print(node, splitters.get(node)?.push(bytes) ?? []),
      end: (node) => print(node, splitters.get(node)?.end() ?? []),
    });
  });

/** What asks a node for the newer part of a log; throws `invalid` for what is neither a duration nor a time. */
function sinceHeader(since: string | undefined, nowMs: number): Readonly<Record<string, string>> {
  if (since === undefined) return {};
  const isTime = /^\d{4}-\d\d-\d\dT/.test(since) && !Number.isNaN(Date.parse(since));
  const atMs = isTime ? Date.parse(since) : nowMs - durationMs(since, '--since');
  return { 'minos-log-since': new Date(atMs).toISOString() };
}

/** The lines of a text, or the last so many when the count is not negative; pure. */
function lastLines(text: string, count: number): readonly string[] {
  const lines = text.split('\n');
  if (lines.at(-1) === '') lines.pop();
  return count < 0 ? lines : lines.slice(Math.max(0, lines.length - count));
}
