import type { NodeReading } from './node-reading.ts';

/** What is known of a node, and since when it is gone if it is. */
export interface NodeView {
  readonly name: string;
  readonly reading: NodeReading | undefined;
  /** The reading before, for rates. */
  readonly previous: NodeReading | undefined;
  readonly lost: { readonly sinceMs: number; readonly why: string } | undefined;
  /** The newest lines of the kernel's log, the oldest first. */
  readonly log: readonly string[];
}

const LOG_LINES = 1000;

/** A node of which nothing is known yet. */
export function newNodeView(name: string): NodeView {
  return { name, reading: undefined, previous: undefined, lost: undefined, log: [] };
}

/** The view after an answer: a node that was gone is back. */
export function withReading(view: NodeView, reading: NodeReading): NodeView {
  return { ...view, previous: view.reading, reading, lost: undefined };
}

/** The view after a failure; the first one says since when. */
export function withLoss(view: NodeView, nowMs: number, why: string): NodeView {
  return { ...view, lost: { sinceMs: view.lost?.sinceMs ?? nowMs, why } };
}

/** The view with more of the log. */
export function withLog(view: NodeView, lines: readonly string[]): NodeView {
  return { ...view, log: [...view.log, ...lines].slice(-LOG_LINES) };
}

/** Share of the processors' time that was not idle between the last two readings. */
export function cpuShare({ reading, previous }: Pick<NodeView, 'reading' | 'previous'>): number | undefined {
  const now = reading?.stat?.cpuTotal;
  const then = previous?.stat?.cpuTotal;
  if (now === undefined || then === undefined) return undefined;
  const total = (['user', 'nice', 'system', 'idle', 'iowait', 'irq', 'softIrq', 'steal'] as const).reduce(
    (sum, field) => sum + now[field] - then[field],
    0,
  );
  const idle = now.idle - then.idle + now.iowait - then.iowait;
  return total <= 0 ? undefined : Math.min(1, Math.max(0, 1 - idle / total));
}

/** Share of the memory that programs cannot have. */
export function memoryShare({ reading }: Pick<NodeView, 'reading'>): number | undefined {
  const memory = reading?.memory;
  if (memory === undefined || memory.memtotal === 0n) return undefined;
  return 1 - Number(memory.memavailable) / Number(memory.memtotal);
}

/** A process with the share of one processor that it took between the last two readings. */
export interface BusyProcess {
  readonly pid: number;
  readonly state: string;
  readonly threads: number;
  readonly cpuSeconds: number;
  readonly cpu: number | undefined;
  readonly residentBytes: number;
  readonly command: string;
}

/** The processes, those that worked most first, then the largest. */
export function busyProcesses({ reading, previous }: Pick<NodeView, 'reading' | 'previous'>): readonly BusyProcess[] {
  const before = new Map((previous?.processes ?? []).map((process) => [process.pid, process]));
  const seconds = reading === undefined || previous === undefined ? 0 : (reading.atMs - previous.atMs) / 1000;
  return (reading?.processes ?? [])
    .map(({ pid, state, threads, cpuTime, residentMemory, command, args }) => {
      const then = before.get(pid);
      const cpu = then === undefined || seconds <= 0 ? undefined : Math.max(0, cpuTime - then.cpuTime) / seconds;
      const residentBytes = Number(residentMemory);
      return { pid, state, threads, cpuSeconds: cpuTime, cpu, residentBytes, command: args === '' ? command : args };
    })
    .sort((a, b) => (b.cpu ?? 0) - (a.cpu ?? 0) || b.residentBytes - a.residentBytes);
}
