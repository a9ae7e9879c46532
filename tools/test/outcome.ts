/** What one part of the whole test run came to. */
export interface Outcome {
  readonly passed: number;
  /** One line for each failed test, naming it. */
  readonly failures: readonly string[];
  /** One line for each skipped test, with its reason. */
  readonly skips: readonly string[];
}

/** The sum of several outcomes, in order. */
export function sumOutcomes(outcomes: readonly Outcome[]): Outcome {
  return {
    passed: outcomes.reduce((sum, o) => sum + o.passed, 0),
    failures: outcomes.flatMap((o) => o.failures),
    skips: outcomes.flatMap((o) => o.skips),
  };
}

/** The plain closing line: `N passed, N failed`, and `, N skipped` when there are any. */
export function closingLine({ passed, failures, skips }: Outcome): string {
  return `${passed} passed, ${failures.length} failed${skips.length > 0 ? `, ${skips.length} skipped` : ''}`;
}
