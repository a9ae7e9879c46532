import type { ServiceInfo } from '@minos/api/machine';
import { beside, heading, type Line, type Size, type Span, type Style, span, tableLines } from './line.ts';
import type { NodeReading } from './node-reading.ts';
import type { NodeView } from './node-view.ts';

/** Narrower than this, panels stand below each other. */
const TWO_COLUMNS = 72;

/** The first screen: what the node is, its network, services, diagnostics and the end of the kernel's log. */
export function summaryLines(view: NodeView, { columns, rows }: Size): readonly Line[] {
  const { reading } = view;
  const node = [heading('node', half(columns)), ...nodeRows(reading)];
  const network = [heading('network', half(columns)), ...networkRows(reading)];
  const panels = columns >= TWO_COLUMNS ? beside(node, network, columns) : [...node, ...network];
  const above = [
    ...panels,
    ...noteLines(reading, columns),
    heading('services', columns),
    ...serviceLines(reading?.services),
    heading('kernel log', columns),
  ];
  const room = rows - above.length;
  return room <= 0 ? above.slice(0, rows) : [...above, ...view.log.slice(-room).map(logLine)];
}

function half(columns: number): number {
  return columns >= TWO_COLUMNS ? Math.floor((columns - 2) / 2) : columns;
}

function row(label: string, value: string | undefined | Span): Line {
  return [span(`${label.padEnd(9)} `, 'dim'), typeof value === 'object' ? value : span(textOr(value))];
}

function textOr(value: string | undefined): string {
  return value === undefined || value === '' ? 'n/a' : value;
}

function list(values: readonly string[] | undefined): string | undefined {
  return values === undefined ? undefined : values.length === 0 ? 'none' : values.join(', ');
}

function yesNo(value: boolean | undefined): Span {
  return value === undefined ? span('n/a') : value ? span('yes', 'good') : span('no', 'bad');
}

function nodeRows(reading: NodeReading | undefined): readonly Line[] {
  const members = reading?.members === undefined ? '' : ` (${reading.members} machine${reading.members === 1 ? '' : 's'})`;
  return [
    row('type', reading?.machineType),
    row('cluster', `${textOr(reading?.clusterName)}${members}`),
    row('uuid', reading?.uuid),
    row('stage', reading?.stage),
    row('ready', yesNo(reading?.isReady)),
  ];
}

function networkRows(reading: NodeReading | undefined): readonly Line[] {
  return [
    row('address', list(reading?.addresses)),
    row('gateway', list(reading?.gateways)),
    row('resolver', list(reading?.resolvers)),
    row('time', list(reading?.timeServers)),
    row('connected', yesNo(reading?.isConnected)),
  ];
}

/** What the node waits for, and what it found wrong with itself; no lines when all is well. */
function noteLines(reading: NodeReading | undefined, columns: number): readonly Line[] {
  const unmet = (reading?.unmet ?? []).map((text) => [span(text, 'warn')]);
  const diagnostics = (reading?.diagnostics ?? []).map((text) => [span(text, 'warn')]);
  return [
    ...(unmet.length === 0 ? [] : [heading('waits for', columns), ...unmet]),
    ...(diagnostics.length === 0 ? [] : [heading('diagnostics', columns), ...diagnostics]),
  ];
}

function serviceLines(services: readonly ServiceInfo[] | undefined): readonly Line[] {
  if (services === undefined) return [[span('n/a')]];
  return tableLines(
    ['SERVICE', 'STATE', 'HEALTH', 'LAST EVENT'],
    services.map((service) => [service.id, service.state, healthSpan(service), service.events?.events.at(-1)?.msg ?? '']),
  );
}

function healthSpan({ health }: ServiceInfo): Span {
  if (health === undefined || health.unknown) return span('?', 'dim');
  return health.healthy ? span('OK', 'good') : span('Fail', 'bad');
}

const LOG_LINE = /^\w+: +(\w+): \[\d{4}-\d\d-\d\dT(\d\d:\d\d:\d\d)[^\]]*\]: (.*)$/;
const LOG_STYLES: Readonly<Record<string, Style>> = { emerg: 'bad', alert: 'bad', crit: 'bad', err: 'bad', warning: 'warn' };

/** A line of the kernel's log as nodes send it, with no more than its time in front; other lines as they are. */
function logLine(text: string): Line {
  const [, level = '', time, message] = LOG_LINE.exec(text) ?? [];
  if (time === undefined || message === undefined) return [span(text)];
  return [span(`${time} `, 'dim'), span(message, LOG_STYLES[level])];
}
