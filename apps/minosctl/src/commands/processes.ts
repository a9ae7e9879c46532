import { Empty } from '@minos/api/google';
import type { Process, ProcessInfo } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';
import { bytesText } from '../output/quantity.ts';

interface Options {
  readonly sort: 'rss' | 'cpu';
}

const ORDER: Record<Options['sort'], (a: ProcessInfo, b: ProcessInfo) => number> = {
  rss: (a, b) => Number(b.residentMemory - a.residentMemory),
  cpu: (a, b) => b.cpuTime - a.cpuTime,
};

function row(p: ProcessInfo): string[] {
  return [
    String(p.pid),
    p.state,
    String(p.threads),
    p.cpuTime.toFixed(2),
    bytesText(Number(p.virtualMemory)),
    bytesText(Number(p.residentMemory)),
    p.label,
    commandText(p),
  ];
}

/** The command line, with the full path of what runs where its first word is only the name; pure. */
export function commandText({ executable, args, command }: ProcessInfo): string {
  if (executable === '') return command;
  const [first = '', ...rest] = args.split(' ');
  return executable.endsWith(`/${first}`) ? [executable, ...rest].join(' ') : args;
}

/** Lists the processes of the nodes, the largest first. */
export const processes: RunCommand<Options> = unaryTable<Options, Process>({
  ask: (machine, options) => machine.Processes(Empty.create(), options),
  heading: ['PID', 'STATE', 'THREADS', 'CPU-TIME', 'VIRTMEM', 'RESMEM', 'LABEL', 'COMMAND'],
  rows: (message, { options }) => message.processes.toSorted(ORDER[options.sort]).map(row),
});
