import { CPUFreqStats } from '@minos/api/machine';
import type { Files } from '@minos/host';
import { count } from './count.ts';

const CPUS = '/sys/devices/system/cpu';

/** Reads frequency and governor of each processor (Documentation/admin-guide/pm/cpufreq.rst); 0 and empty where there is none. */
export async function readCpuFrequencies(files: Files): Promise<CPUFreqStats[]> {
  const names = await files.list(CPUS).catch(() => []);
  const numbers = names.flatMap((name) => /^cpu(\d+)$/.exec(name)?.slice(1).map(Number) ?? []).sort((a, b) => a - b);
  return Promise.all(numbers.map((number) => readOne(files, `${CPUS}/cpu${number}/cpufreq`)));
}

async function readOne(files: Files, folder: string): Promise<CPUFreqStats> {
  const read = (name: string): Promise<string> =>
    files.readText(`${folder}/${name}`).then(
      (text) => text.trim(),
      () => '',
    );
  const [current, minimum, maximum, governor] = await Promise.all(
    ['scaling_cur_freq', 'scaling_min_freq', 'scaling_max_freq', 'scaling_governor'].map(read),
  );
  return CPUFreqStats.fromPartial({
    currentFrequency: count(current),
    minimumFrequency: count(minimum),
    maximumFrequency: count(maximum),
    governor: governor ?? '',
  });
}
