import { appendFile, readFile } from 'node:fs/promises';
import { inspect } from 'node:util';
import { hasCode } from '@minos/base';
import type { ConformanceCase } from '../conformance/conformance-case.ts';

/** What became of one case that ran in another process. */
export interface CaseResult {
  readonly name: string;
  /** Empty when the promise was kept. */
  readonly error: string;
}

/** Runs a suite, one case after the other, and appends each result to a file as a line of JSON. */
export async function runAndReport<S>(cases: readonly ConformanceCase<S>[], subject: S, file: string): Promise<void> {
  for (const { name, run } of cases) {
    let error = '';
    try {
      await run(subject);
    } catch (e) {
      error = inspect(e);
    }
    await appendFile(file, `${JSON.stringify({ name, error } satisfies CaseResult)}\n`);
  }
}

/** The results in a file by the names of their cases; none when there is no file. */
export async function readReport(file: string): Promise<ReadonlyMap<string, string>> {
  try {
    const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
    return new Map(lines.map((line) => JSON.parse(line)).map(({ name, error }: CaseResult) => [name, error]));
  } catch (e) {
    if (!hasCode(e, 'ENOENT')) throw e;
    return new Map();
  }
}
