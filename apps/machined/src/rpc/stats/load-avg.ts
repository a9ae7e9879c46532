import { LoadAvg } from '@minos/api/machine';
import { words } from './count.ts';

/** Parses /proc/loadavg (proc_loadavg(5)). Pure. */
export function parseLoadAvg(text: string): LoadAvg {
  const [load1 = 0, load5 = 0, load15 = 0] = words(text).map(Number);
  return LoadAvg.fromPartial({ load1, load5, load15 });
}
