import { heading, type Line, type Size, span, tableLines } from './line.ts';
import { busyProcesses, cpuShare, memoryShare, type NodeView } from './node-view.ts';
import { bytesText, percentText } from './quantity-text.ts';

const KIB = 1024;

/** The second screen: gauges of processors and memory, load, and the processes that work most. */
export function monitorLines(view: NodeView, { columns, rows }: Size): readonly Line[] {
  const { load, memory, stat } = view.reading ?? {};
  const kib = (count: bigint): string => bytesText(Number(count) * KIB);
  const loads = load === undefined ? 'n/a' : [load.load1, load.load5, load.load15].map((value) => value.toFixed(2)).join(' ');
  const memories =
    memory === undefined
      ? 'n/a'
      : `total ${kib(memory.memtotal)}, available ${kib(memory.memavailable)}, cached ${kib(memory.cached)}, free ${kib(memory.memfree)}`;
  const running =
    stat === undefined
      ? 'n/a'
      : `${stat.processRunning} running, ${stat.processBlocked} blocked, ${stat.processCreated} since boot`;
  const above: readonly Line[] = [
    gauge('cpu', cpuShare(view), columns),
    gauge('memory', memoryShare(view), columns),
    [span('load    ', 'dim'), span(loads)],
    [span('memory  ', 'dim'), span(memories)],
    [span('tasks   ', 'dim'), span(running)],
    heading('processes', columns),
  ];
  const processes = busyProcesses(view).map((process) => [
    String(process.pid),
    process.state,
    percentText(process.cpu),
    bytesText(process.residentBytes),
    process.cpuSeconds.toFixed(2),
    String(process.threads),
    process.command,
  ]);
  const table = tableLines(['PID', 'S', 'CPU', 'RESIDENT', 'TIME', 'THREADS', 'COMMAND'], processes);
  return [...above, ...table].slice(0, Math.max(0, rows));
}

function gauge(label: string, share: number | undefined, columns: number): Line {
  const text = percentText(share).padStart(6);
  const width = Math.max(0, Math.min(60, columns - 18));
  const full = Math.round((share ?? 0) * width);
  const style = (share ?? 0) > 0.9 ? 'bad' : (share ?? 0) > 0.7 ? 'warn' : 'good';
  return [span(label.padEnd(8), 'dim'), span('█'.repeat(full), style), span('░'.repeat(width - full), 'dim'), span(` ${text}`)];
}
