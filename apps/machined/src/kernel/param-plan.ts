import type { RememberedParam } from '../runtime/restart-memory.ts';

/** One thing to do about a parameter of the kernel. */
export type ParamStep =
  /** It is as it is to be; what it was at first is kept in mind. */
  | { readonly op: 'note'; readonly id: string; readonly initial: string }
  /** It gets a value: at first, or because somebody else changed it. */
  | { readonly op: 'set'; readonly id: string; readonly value: string; readonly initial: string; readonly hasDrifted: boolean }
  /** Nobody wants anything of it any more: it gets back what it was at first. */
  | { readonly op: 'restore'; readonly id: string; readonly value: string }
  | { readonly op: 'forget'; readonly id: string };

/** What parameters are to be, what is known of those that were set, and what they are; undefined for one that is not there. */
export interface ParamView {
  readonly wanted: ReadonlyMap<string, string>;
  readonly remembered: Readonly<Record<string, RememberedParam>>;
  readonly observed: ReadonlyMap<string, string | undefined>;
}

/** What makes the parameters what they are to be. Pure. */
export function planParams({ wanted, remembered, observed }: ParamView): readonly ParamStep[] {
  const steps = [...wanted].flatMap(([id, value]) => wantedSteps(id, value, { known: remembered[id], seen: observed.get(id) }));
  const left = Object.entries(remembered).filter(([id]) => !wanted.has(id));
  return [...steps, ...left.map(([id, { initial, written }]) => leftStep(id, { initial, written, seen: observed.get(id) }))];
}

interface Facts {
  readonly known: RememberedParam | undefined;
  readonly seen: string | undefined;
}

function wantedSteps(id: string, value: string, { known, seen }: Facts): readonly ParamStep[] {
  if (seen === undefined) return [];
  const isAsShown = known?.written === value && isSame(seen, known.shown);
  if (isAsShown) return [];
  if (isSame(seen, value)) return known === undefined ? [{ op: 'note', id, initial: seen }] : [];
  return [{ op: 'set', id, value, initial: known?.initial ?? seen, hasDrifted: known?.written === value }];
}

function leftStep(
  id: string,
  { initial, written, seen }: { initial: string; written: string | undefined; seen: string | undefined },
): ParamStep {
  if (seen === undefined || written === undefined || isSame(seen, initial)) return { op: 'forget', id };
  return { op: 'restore', id, value: chosen(initial) };
}

/** Many files of sysfs show all choices, and the one that is taken in brackets. */
function chosen(shown: string): string {
  return /\[([^\]]+)\]/.exec(shown)?.[1] ?? shown;
}

function isSame(one: string, other: string): boolean {
  const plain = (text: string): string => text.trim().replace(/\s+/g, ' ');
  return plain(one) === plain(other);
}
