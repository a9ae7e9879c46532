/** One thing wrong with an input: where it is, what would have been right, and what was there. */
export interface Problem {
  /** Dotted path from the root of the document, such as `machine.network.interfaces[0].mtu`; empty for the root. */
  readonly path: string;
  /** What would have been right, as a noun phrase. */
  readonly expected: string;
  /** A short, secret-free picture of what was found, when it helps. */
  readonly found?: string;
}

/** The result of turning text or foreign data into a type: the value, or every problem at once. */
export type Parsed<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly problems: readonly Problem[] };

/** A successful parse. */
export function parsed<T>(value: T): Parsed<T> {
  return { ok: true, value };
}

/** A parse that failed with one problem. */
export function problem(path: string, expected: string, found?: string): Parsed<never> {
  return { ok: false, problems: [found === undefined ? { path, expected } : { path, expected, found }] };
}

/** One line for each problem: `path: expected …, found …`. */
export function formatProblems(problems: readonly Problem[]): string {
  return problems
    .map(
      (p) => `${p.path === '' ? 'document' : p.path}: expected ${p.expected}${p.found === undefined ? '' : `, found ${p.found}`}`,
    )
    .join('\n');
}
