import { Fault } from '@minos/base';
import type { PlainValue } from '../output/plain-value.ts';

type Step =
  | { readonly kind: 'field'; readonly name: string }
  | { readonly kind: 'index'; readonly at: number }
  | { readonly kind: 'all' };

/**
 * Evaluates the part of Kubernetes' JSONPath that print columns use (`{.a.b}`, `[0]`, `[*]`, `[:]`) and gives the cell:
 * texts as they are, lists and objects as JSON, several results apart by blanks, nothing for what is missing. Throws
 * `invalid` for an expression that it does not know. Pure.
 */
export function columnText(value: PlainValue, expression: string): string {
  let found: PlainValue[] = [value];
  for (const step of parseSteps(expression)) found = found.flatMap((item) => follow(item, step));
  return found.map(cellText).join(' ');
}

/** A value as a cell: texts as they are, lists and objects as JSON; pure. */
export function cellText(value: PlainValue): string {
  if (value === null) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function parseSteps(expression: string): Step[] {
  const inner = /^\{(.*)\}$/.exec(expression.trim())?.[1] ?? expression.trim();
  const steps: Step[] = [];
  const token = /\.([A-Za-z0-9_-]+)|\['([^']+)'\]|\[(-?\d+)\]|\[(?:\*|:)\]|\.(?=$)/y;
  while (token.lastIndex < inner.length) {
    const match = token.exec(inner);
    if (match === null) throw new Fault('invalid', `the node sent a print column that cannot be read: ${expression}`);
    const name = match[1] ?? match[2];
    if (name !== undefined) steps.push({ kind: 'field', name });
    else if (match[3] !== undefined) steps.push({ kind: 'index', at: Number(match[3]) });
    else if (match[0] !== '.') steps.push({ kind: 'all' });
  }
  return steps;
}

function follow(value: PlainValue, step: Step): PlainValue[] {
  if (step.kind === 'field') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
    const field = Object.entries(value).find(([key]) => key === step.name);
    return field === undefined ? [] : [field[1]];
  }
  if (!Array.isArray(value)) return [];
  if (step.kind === 'all') return value;
  const item: PlainValue | undefined = value.at(step.at);
  return item === undefined ? [] : [item];
}
