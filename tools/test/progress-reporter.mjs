import { appendFileSync } from 'node:fs';

/**
 * A Jest reporter that appends one JSON line for each file as it starts and ends, so that a run which hangs and is
 * killed has still told what passed and which file hung. The file is named by its option `file`.
 */
export default class ProgressReporter {
  #file;

  constructor(_globalConfig, { file }) {
    this.#file = file;
  }

  onTestFileStart({ path }) {
    this.#write({ event: 'start', path });
  }

  onTestFileResult({ path }, result) {
    const failures = result.testResults.filter((t) => t.status === 'failed').map((t) => t.fullName);
    const skips = result.testResults.filter((t) => t.status === 'pending' || t.status === 'todo').map((t) => t.fullName);
    const isBroken = result.testExecError !== undefined && result.testExecError !== null;
    const passed = result.numPassingTests;
    this.#write({ event: 'end', path, passed, failures, skips, isBroken, durationMs: result.perfStats?.runtime ?? 0 });
  }

  #write(line) {
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}
