import type { Machine } from './machine.ts';
import type { Figure } from './measurement.ts';

/** A run of the benchmark as it is written to dist/bench.json. */
export interface Report {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** Whether a figure keeps what is promised for it; true where nothing is. */
export function isKept({ value, atMost, atLeast }: Figure): boolean {
  return (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
}

function promiseText(figure: Figure): string {
  const { atMost, atLeast } = figure;
  if (atMost !== undefined) return `${isKept(figure) ? '≤' : '✗ >'} ${atMost}`;
  return atLeast === undefined ? '' : `${isKept(figure) ? '≥' : '✗ <'} ${atLeast}`;
}

function row(figure: Figure, width: number): string {
  return `${figure.name.padEnd(width)}  ${String(figure.value).padStart(8)} ${figure.unit.padEnd(4)} ${promiseText(figure)}`.trimEnd();
}

/** The table that is printed, with the machine and the commit above it; pure. */
export function reportText({ machine, figures }: Report): string {
  const width = Math.max(...figures.map((f) => f.name.length));
  return [
    `${machine.cpu}, ${machine.cores} cores, ${machine.memoryGib} GiB, Linux ${machine.kernel}, Node ${machine.node}`,
    `commit ${machine.commit}${machine.hasLocalChanges ? ' with local changes' : ''}, ${machine.time}`,
    '',
    ...figures.map((f) => row(f, width)),
  ].join('\n');
}
