import type { Problem } from '@minos/base';

/** Where in a document something stands: keys and positions from its root. */
export type Path = readonly (string | number)[];

/** A problem before its place has become text. */
export interface Issue {
  readonly at: Path;
  readonly expected: string;
  /** A short picture of what was found; never a secret. */
  readonly found?: string;
}

const PLAIN_KEY = /^[\w/-]+$/;
/** A token, or base64 of a key: what stands in the wrong place must not be told to others. */
const SECRET = /[\da-z]{6}\.[\da-z]{16}|[\w+/]{40,}/;

/** A text of a configuration as it may be shown: quoted, cut short, and left out where it looks like a secret. */
export function shownText(text: string, maxCharacters = 48): string {
  if (SECRET.test(text)) return '"…"';
  return JSON.stringify(text.length > maxCharacters ? `${text.slice(0, maxCharacters)}…` : text);
}

/** A path as people write it: `machine.network.interfaces[0].mtu`; keys with other characters in brackets. */
export function pathText(path: Path, root = ''): string {
  let text = root;
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`;
    else if (PLAIN_KEY.test(step) && !SECRET.test(step)) text += text === '' ? step : `.${step}`;
    else text += `[${shownText(step)}]`;
  }
  return text;
}

/** An issue as a problem, with the line and column where they are known. */
export function issueProblem(issue: Issue, root: string, position: string | undefined): Problem {
  const path = pathText(issue.at, root);
  if (position === undefined)
    return { path, expected: issue.expected, ...(issue.found === undefined ? {} : { found: issue.found }) };
  return { path, expected: issue.expected, found: `${issue.found ?? 'what stands'} at line ${position}` };
}
