import { Empty } from '@minos/api/google';
import type { MemInfo, Memory } from '@minos/api/machine';
import type { RunCommand } from '../cli/command.ts';
import { unaryTable } from '../node-call/unary-table.ts';

interface Options {
  readonly verbose: boolean;
}

const mebibytes = (kibibytes: bigint): string => String(kibibytes / 1024n);

function summary(info: MemInfo): string[] {
  const used = info.memtotal - info.memfree - info.cached - info.buffers;
  return [info.memtotal, used, info.memfree, info.shmem, info.buffers, info.cached, info.memavailable].map(mebibytes);
}

/** Shows the memory of the nodes, in MiB; `--verbose` all that the kernel says, in kB. */
export const memory: RunCommand<Options> = unaryTable<Options, Memory>({
  ask: (machine, options) => machine.Memory(Empty.create(), options),
  heading: ({ options }) =>
    options.verbose ? ['FIELD', 'KB'] : ['TOTAL', 'USED', 'FREE', 'SHARED', 'BUFFERS', 'CACHE', 'AVAILABLE'],
  rows: ({ meminfo }, { options }) => {
    if (meminfo === undefined) return [];
    return options.verbose ? Object.entries(meminfo).map(([field, value]) => [field, String(value)]) : [summary(meminfo)];
  },
});
