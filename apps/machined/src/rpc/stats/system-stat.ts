import { CPUStat, SoftIRQStat, SystemStat } from '@minos/api/machine';
import { count, words } from './count.ts';

/** Parses /proc/stat (proc_stat(5)); times become seconds. Pure. */
export function parseSystemStat(text: string, ticksPerSecond: number): SystemStat {
  const lines = new Map(
    text.split('\n').map((line) => {
      const [name = '', ...values] = words(line);
      return [name, values];
    }),
  );
  const single = (name: string): bigint => count(lines.get(name)?.[0]);
  const [irqTotal, ...irq] = (lines.get('intr') ?? []).map(count);
  const cpus = [...lines].filter(([name]) => /^cpu\d+$/.test(name));
  return SystemStat.fromPartial({
    bootTime: single('btime'),
    cpuTotal: parseCpu(lines.get('cpu') ?? [], ticksPerSecond),
    cpu: cpus.map(([, values]) => parseCpu(values, ticksPerSecond)),
    irqTotal: irqTotal ?? 0n,
    irq,
    contextSwitches: single('ctxt'),
    processCreated: single('processes'),
    processRunning: single('procs_running'),
    processBlocked: single('procs_blocked'),
    softIrqTotal: single('softirq'),
    softIrq: parseSoftIrq((lines.get('softirq') ?? []).slice(1)),
  });
}

/** Columns of a `cpu` line, in order. */
const CPU_COLUMNS = [
  'user',
  'nice',
  'system',
  'idle',
  'iowait',
  'irq',
  'softIrq',
  'steal',
  'guest',
  'guestNice',
] as const satisfies readonly (keyof CPUStat)[];

/** Columns of the `softirq` line, after the total. */
const SOFT_IRQ_COLUMNS = [
  'hi',
  'timer',
  'netTx',
  'netRx',
  'block',
  'blockIoPoll',
  'tasklet',
  'sched',
  'hrtimer',
  'rcu',
] as const satisfies readonly (keyof SoftIRQStat)[];

function parseCpu(values: readonly string[], ticksPerSecond: number): CPUStat {
  return CPUStat.fromPartial(
    Object.fromEntries(CPU_COLUMNS.map((column, i) => [column, Number(values[i] ?? 0) / ticksPerSecond])),
  );
}

function parseSoftIrq(values: readonly string[]): SoftIRQStat {
  return SoftIRQStat.fromPartial(Object.fromEntries(SOFT_IRQ_COLUMNS.map((column, i) => [column, count(values[i])])));
}
