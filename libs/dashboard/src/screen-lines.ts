import { fit, type Line, type Size, type Span, span } from './line.ts';
import { monitorLines } from './monitor-lines.ts';
import { cpuShare, memoryShare, type NodeView } from './node-view.ts';
import { bytesText, durationText, percentText } from './quantity-text.ts';
import type { ResourceBrowser } from './resource-browser.ts';
import { summaryLines } from './summary-lines.ts';

/** The screens, in the order of their keys. */
export const TABS = ['summary', 'monitor', 'resources'] as const;
export type Tab = (typeof TABS)[number];

/** What is to be shown. */
export interface Shown {
  readonly view: NodeView;
  readonly tab: Tab;
  readonly browser: Pick<ResourceBrowser, 'lines'>;
  /** Which node of how many this is, from 1. */
  readonly position: { readonly at: number; readonly of: number };
  readonly nowMs: number;
  readonly canQuit: boolean;
}

/** All lines of the terminal: two of heading, the screen that is chosen, one of keys. Pure. */
export function screenLines(shown: Shown, size: Size): readonly Line[] {
  const { view, tab, nowMs } = shown;
  const head = [titleLine(view, nowMs), view.lost === undefined ? loadLine(view) : lostLine(view.lost, nowMs)];
  const room = { columns: size.columns, rows: Math.max(0, size.rows - head.length - 1) };
  const body =
    tab === 'summary' ? summaryLines(view, room) : tab === 'monitor' ? monitorLines(view, room) : shown.browser.lines(room);
  const padding = Array.from({ length: Math.max(0, room.rows - body.length) }, (): Line => []);
  return [...head, ...body.slice(0, room.rows), ...padding, footLine(shown, size.columns)].map((line) => fit(line, size.columns));
}

function titleLine(view: NodeView, nowMs: number): Line {
  const { reading, name } = view;
  const hostname = reading?.hostname ?? 'n/a';
  const bootMs = reading?.stat === undefined ? undefined : Number(reading.stat.bootTime) * 1000;
  const up = bootMs === undefined ? 'n/a' : durationText(nowMs - bootMs);
  return [span(hostname, 'bold'), span(` (${name})  ${reading?.version ?? 'n/a'}  up ${up}`)];
}

function loadLine(view: NodeView): Line {
  const { reading } = view;
  if (reading === undefined) return [span('asking the node…', 'dim')];
  const cores = reading.stat?.cpu.length;
  const memory = reading.memory === undefined ? 'n/a' : bytesText(Number(reading.memory.memtotal) * 1024);
  return [
    span(
      `${cores ?? 'n/a'} core${cores === 1 ? '' : 's'} ${percentText(cpuShare(view))}  memory ${memory} ${percentText(memoryShare(view))}  ${reading.processes?.length ?? 'n/a'} processes`,
    ),
  ];
}

function lostLine({ sinceMs, why }: NonNullable<NodeView['lost']>, nowMs: number): Line {
  const since = new Date(sinceMs).toISOString().slice(11, 19);
  return [span(`gone since ${since} UTC (${durationText(nowMs - sinceMs)}): ${why}`, 'bad')];
}

function footLine({ tab, position, canQuit }: Shown, columns: number): Line {
  const tabs = TABS.flatMap((name, i): Span[] => [span(` F${i + 1} ${name} `, name === tab ? 'selected' : 'plain'), span(' ')]);
  const nodes = position.of > 1 ? `node ${position.at} of ${position.of}: ←→  ` : '';
  const keys = columns < 60 ? '' : `${nodes}${tab === 'resources' ? '↑↓ enter esc  ' : ''}${canQuit ? 'q leaves' : ''}`;
  return [...tabs, span(` ${keys}`, 'dim')];
}
