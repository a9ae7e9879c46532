import { Fault } from '@minos/base';
import { closest } from '../cli/suggest.ts';
import type { Member } from './member.ts';

/** One condition of a selector. */
export type Term =
  | { readonly kind: 'set'; readonly set: keyof typeof SETS }
  | { readonly kind: 'compare'; readonly key: string; readonly value: string; readonly isEqual: boolean };

/** A word of `--nodes`: a node by name, or those for which every term holds. */
export type Target =
  | { readonly kind: 'name'; readonly name: string }
  | { readonly kind: 'selector'; readonly text: string; readonly terms: readonly Term[] };

/** What the sets hold. */
const SETS = {
  '@all': () => true,
  '@controlplane': (member: Member) => member.type === 'controlplane',
  '@workers': (member: Member) => member.type === 'worker',
} as const;

const SET_NAMES = Object.keys(SETS);
const COMPARE = /^([A-Za-z0-9][A-Za-z0-9._/-]*)(!?=)(.*)$/;

/** Whether a word of `--nodes` chooses nodes instead of naming one; pure. */
export function isSelector(word: string): boolean {
  return word.startsWith('@') || word.includes('=');
}

/** Reads the words of `--nodes`; throws `invalid` for a set that is none and for half of a comparison. Pure. */
export function parseTargets(words: readonly string[]): readonly Target[] {
  return words.map((text): Target => {
    if (!isSelector(text)) return { kind: 'name', name: text };
    return { kind: 'selector', text, terms: text.split(':').map((part) => parseTerm(part, text)) };
  });
}

function parseTerm(part: string, text: string): Term {
  if (isSet(part)) return { kind: 'set', set: part };
  const [, key, operator, value] = COMPARE.exec(part) ?? [];
  if (key !== undefined && value !== undefined) return { kind: 'compare', key, value, isEqual: operator === '=' };
  const meant = closest(part, SET_NAMES);
  const where = part === text ? `"${part}"` : `"${part}" in "${text}"`;
  const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
  const known = `${SET_NAMES.join(', ')}, key=value or key!=value, joined by ":" when all must hold`;
  throw new Fault('invalid', `${where} selects nothing${hint}: a selector is ${known}`, { reason: 'UNKNOWN_SELECTOR' });
}

function isSet(part: string): part is keyof typeof SETS {
  return part in SETS;
}

/** What a comparison needs to know of nodes beside who is a member: `version`, or their labels. Pure. */
export function neededFacts(targets: readonly Target[]): { readonly version: boolean; readonly labels: boolean } {
  const keys = targets.flatMap((target) => (target.kind === 'name' ? [] : target.terms)).flatMap(keyOf);
  return { version: keys.includes('version'), labels: keys.some((key) => !OWN_KEYS.has(key)) };
}

/** Keys that are no labels. */
const OWN_KEYS: ReadonlySet<string> = new Set(['version', 'hostname']);

function keyOf(term: Term): readonly string[] {
  return term.kind === 'set' ? [] : [term.key];
}

/** Whether every term holds for a member. Pure. */
export function matches(terms: readonly Term[], member: Member): boolean {
  return terms.every((term) => {
    if (term.kind === 'set') return SETS[term.set](member);
    return isAs(term, member) === term.isEqual;
  });
}

function isAs({ key, value }: { readonly key: string; readonly value: string }, member: Member): boolean {
  if (key === 'hostname') return member.hostname === value;
  if (key === 'version') return isVersion(member.version ?? '', value);
  return member.labels?.get(key) === value;
}

/** `1.14.0`, `v1.14.0` and `v1.14.0+minos.0.1.0` all mean the last one; a suffix that is given must fit. */
function isVersion(tag: string, wanted: string): boolean {
  const plain = tag.replace(/^v/, '');
  const asked = wanted.replace(/^v/, '');
  return plain === asked || plain.split('+')[0] === asked;
}
