import { DiskStat } from '@minos/api/machine';
import { count, words } from './count.ts';

/** Columns after the name, Documentation/admin-guide/iostats.rst; the last four since Linux 4.18. */
const COLUMNS = [
  'readCompleted',
  'readMerged',
  'readSectors',
  'readTimeMs',
  'writeCompleted',
  'writeMerged',
  'writeSectors',
  'writeTimeMs',
  'ioInProgress',
  'ioTimeMs',
  'ioTimeWeightedMs',
  'discardCompleted',
  'discardMerged',
  'discardSectors',
  'discardTimeMs',
] as const satisfies readonly (keyof DiskStat)[];

/** Parses /proc/diskstats, one message a line. Pure. */
export function parseDiskStats(text: string): DiskStat[] {
  return text
    .split('\n')
    .map(words)
    .filter((columns) => columns.length > 3)
    .map(([, , name = '', ...values]) =>
      DiskStat.fromPartial({ name, ...Object.fromEntries(COLUMNS.map((column, i) => [column, count(values[i])])) }),
    );
}
