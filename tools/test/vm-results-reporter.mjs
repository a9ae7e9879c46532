import { execFileSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { dirname, join, relative } from 'node:path';

/**
 * A Jest reporter that keeps what a run of the stories in e2e/vm showed: for each test whether it held and how long it took, and the
 * figures that tests put on record (e2e/vm/harness/figure.ts). Stories that this run left out keep their last result, with its commit.
 */
export default class VmResultsReporter {
  #root;
  #file;
  #figures;

  constructor({ rootDir }) {
    this.#root = rootDir;
    this.#file = join(rootDir, 'e2e/results/vm.json');
    // Of this run alone: another may go on at the same time.
    this.#figures = join(rootDir, `dist/test/vm-figures-${process.pid}.jsonl`);
    process.env['MINOS_FIGURES'] = this.#figures;
  }

  onRunStart() {
    rmSync(this.#figures, { force: true });
  }

  onTestFileResult({ path }, { testResults, testExecError }) {
    const story = relative(this.#root, path);
    const tests = testResults.map(({ fullName, status, duration }) => ({
      test: fullName,
      result: status === 'pending' ? 'skipped' : status,
      seconds: Math.round((duration ?? 0) / 100) / 10,
    }));
    if (testExecError) tests.push({ test: 'the file itself', result: 'failed', seconds: 0 });
    const figures = Object.fromEntries(this.#lines().map(({ name, value }) => [name, value]));
    rmSync(this.#figures, { force: true });
    this.#write(story, { ...this.#circumstances(), figures, tests });
  }

  #circumstances() {
    const git = (...args) => execFileSync('git', args, { cwd: this.#root, encoding: 'utf8' }).trim();
    const isDirty = git('status', '--porcelain', '--', ':!e2e/results') !== '';
    const [cpu] = cpus();
    return {
      date: new Date().toISOString(),
      commit: `${git('rev-parse', '--short=10', 'HEAD')}${isDirty ? ' with changes' : ''}`,
      machine: `${cpus().length} × ${cpu?.model.trim() ?? 'unknown'}, ${Math.round(totalmem() / 2 ** 30)} GiB`,
      load: loadavg()
        .map((value) => value.toFixed(1))
        .join(' '),
    };
  }

  #lines() {
    try {
      return readFileSync(this.#figures, 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
    } catch {
      return [];
    }
  }

  #write(story, result) {
    let stories = {};
    try {
      stories = JSON.parse(readFileSync(this.#file, 'utf8')).stories;
    } catch {
      // The first run.
    }
    mkdirSync(dirname(this.#file), { recursive: true });
    const sorted = Object.fromEntries(Object.entries({ ...stories, [story]: result }).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(this.#file, `${JSON.stringify({ stories: sorted }, null, 2)}\n`);
  }
}
