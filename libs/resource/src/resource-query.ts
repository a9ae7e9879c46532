import { type IDQuery, type LabelQuery, type LabelTerm, LabelTerm_Operation } from '@minos/api/cosi';
import { Fault } from '@minos/base';
import type { ResourceMetadata } from './state.ts';

/** Whether a resource is asked for. */
export type Matcher = (metadata: ResourceMetadata) => boolean;

const MAX_PATTERN = 200;
const MAX_QUANTIFIERS = 3;
const COSTLY = /\)[*+{?]|\\[1-9k]|\(\?/;

/** Queries are alternatives, the terms of one all have to hold, none at all match everything. Throws `invalid` for a pattern that is none, or that costs too much. */
export function matcherOf(labelQueries: readonly LabelQuery[], idQuery: IDQuery | undefined): Matcher | undefined {
  const labels = labelQueries.filter((query) => query.terms.length > 0);
  const pattern = idQuery === undefined || idQuery.regexp === '' ? undefined : patternOf(idQuery.regexp);
  const isForAll = labels.length === 0 || labels.length < labelQueries.length;
  if (isForAll && pattern === undefined) return undefined;
  return (metadata) =>
    (pattern === undefined || pattern.test(metadata.id)) &&
    (isForAll || labels.some((query) => query.terms.every((term) => holds(term, metadata.labels))));
}

function patternOf(text: string): RegExp {
  const quantifiers = text.match(/[*+{]/g)?.length ?? 0;
  if (text.length > MAX_PATTERN || quantifiers > MAX_QUANTIFIERS || COSTLY.test(text)) {
    throw new Fault(
      'invalid',
      `the id pattern is too complex: at most ${MAX_PATTERN} characters and ${MAX_QUANTIFIERS} repetitions, none of a group`,
    );
  }
  try {
    return new RegExp(text);
  } catch (e) {
    throw new Fault('invalid', 'the id pattern is not a regular expression', {}, { cause: e });
  }
}

function holds(term: LabelTerm, labels: Readonly<Record<string, string>>): boolean {
  return compare(term, labels[term.key]) !== term.invert;
}

function compare(term: LabelTerm, value: string | undefined): boolean {
  const wanted = term.value[0] ?? '';
  if (term.op === LabelTerm_Operation.NOT_EXISTS) return value === undefined;
  if (value === undefined) return false;
  switch (term.op) {
    case LabelTerm_Operation.EXISTS:
      return true;
    case LabelTerm_Operation.EQUAL:
      return value === wanted;
    case LabelTerm_Operation.IN:
      return term.value.includes(value);
    case LabelTerm_Operation.LT:
      return value < wanted;
    case LabelTerm_Operation.LTE:
      return value <= wanted;
    case LabelTerm_Operation.LT_NUMERIC:
      return Number.parseFloat(value) < Number.parseFloat(wanted);
    case LabelTerm_Operation.LTE_NUMERIC:
      return Number.parseFloat(value) <= Number.parseFloat(wanted);
    default:
      return false;
  }
}
