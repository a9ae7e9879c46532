import type { Machine } from './machine.ts';
import type { Figure } from './measurement.ts';

/** A run of the benchmark as it is written to dist/bench.json. */
export interface Report {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
}

/** Whether a figure keeps what is promised for it; true where nothing is. */
export function isKept({ value, atMost }: Figure): boolean {
  return atMost === undefined || value <= atMost;
}

function row(figure: Figure, width: number): string {
  const promise = figure.atMost === undefined ? '' : `${isKept(figure) ? '≤' : '✗ >'} ${figure.atMost}`;
  return `${figure.name.padEnd(width)}  ${String(figure.value).padStart(8)} ${figure.unit.padEnd(4)} ${promise}`.trimEnd();
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
