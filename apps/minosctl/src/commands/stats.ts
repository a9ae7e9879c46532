import { type Stats, StatsRequest } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';
import { type ContainerOptions, containerNamespace, indented } from './containers.ts';

/** Shows what the containers of the nodes use: memory, and processor time since their start in nanoseconds. */
export const stats: RunCommand<ContainerOptions> = unaryTable<ContainerOptions, Stats>({
  ask: (machine, options, call) => machine.Stats(StatsRequest.fromPartial(containerNamespace(call.options)), options),
  heading: ['NAMESPACE', 'ID', 'MEMORY(MB)', 'CPU'],
  rows: (message) =>
    message.stats.map((stat) => [
      stat.namespace,
      indented(stat),
      (Number(stat.memoryUsage) * 1e-6).toFixed(2),
      String(stat.cpuUsage),
    ]),
});
