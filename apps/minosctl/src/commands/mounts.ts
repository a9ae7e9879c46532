import { Empty } from '@minos/api/google';
import type { MountStat, Mounts } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';

function row(stat: MountStat): string[] {
  const [size, available] = [Number(stat.size), Number(stat.available)];
  const used = size - available;
  const gigabytes = [size, used, available].map((bytes) => (bytes / 1e9).toFixed(2));
  return [stat.filesystem, ...gigabytes, `${((used / size) * 100).toFixed(2)}%`, stat.mountedOn];
}

/** Lists the mounted filesystems of the nodes that have a size. */
export const mounts: RunCommand<unknown> = unaryTable<unknown, Mounts>({
  ask: (machine, options) => machine.Mounts(Empty.create(), options),
  heading: ['FILESYSTEM', 'SIZE(GB)', 'USED(GB)', 'AVAILABLE(GB)', 'PERCENT USED', 'MOUNTED ON'],
  rows: ({ stats }) => stats.filter((stat) => stat.size > 0n).map(row),
});
