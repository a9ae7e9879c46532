import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { runLimited } from './limited-command.ts';
import type { Outcome } from './outcome.ts';

/** One run of Jest. */
export interface JestSuite {
  readonly root: string;
  /** The file with the configuration, from the root. */
  readonly config: string;
  /** Paths or patterns that choose the test files; none means all. */
  readonly patterns: readonly string[];
  readonly workers: number;
  readonly limitMs: number;
}

/** One line of the progress file, as progress-reporter.mjs writes it. */
type Progress =
  | { readonly event: 'start'; readonly path: string }
  | {
      readonly event: 'end';
      readonly path: string;
      readonly passed: number;
      readonly failures: readonly string[];
      readonly skips: readonly string[];
      readonly isBroken: boolean;
    };

/** Flags of Node that Jest needs to run ES modules. */
export const JEST = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', 'node_modules/jest/bin/jest.js'];

/** Runs Jest to its end or to its limit and counts each test; a file that cannot be loaded or hangs is one failure. */
export async function runJest({ root, config, patterns, workers, limitMs }: JestSuite): Promise<Outcome> {
  const progress = join(root, 'dist/test', `progress-${process.pid}.ndjson`);
  await mkdir(join(root, 'dist/test'), { recursive: true });
  await rm(progress, { force: true });
  const reporters = ['default', [join(import.meta.dirname, 'progress-reporter.mjs'), { file: progress }]];
  const overrides = join(root, 'dist/test', `jest-${process.pid}.config.mjs`);
  await writeConfig(overrides, join(root, config), reporters);
  const workerArgs = workers === 1 ? ['--runInBand'] : [`--maxWorkers=${workers}`];
  const args = [...JEST, '--config', overrides, '--ci', '--forceExit', ...workerArgs, ...patterns];
  const { code, isLate } = await runLimited({ args, cwd: root, limitMs });
  const text = await readFile(progress, 'utf8').catch(() => '');
  await Promise.all([rm(progress, { force: true }), rm(overrides, { force: true })]);
  return countProgress({ text, root, hasFailed: code !== 0, limitMs: isLate ? limitMs : undefined });
}

async function writeConfig(file: string, base: string, reporters: unknown): Promise<void> {
  const source = `import base from ${JSON.stringify(base)};\nexport default { ...base, reporters: ${JSON.stringify(reporters)} };\n`;
  await writeFile(file, source);
}

/** The lines of a progress file, and how the run ended. */
export interface ProgressText {
  readonly text: string;
  readonly root: string;
  readonly hasFailed: boolean;
  /** The limit, when it was reached. */
  readonly limitMs: number | undefined;
}

/** Turns a progress file into an outcome; pure. */
export function countProgress({ text, root, hasFailed, limitMs }: ProgressText): Outcome {
  const running = new Set<string>();
  const failures: string[] = [];
  const skips: string[] = [];
  let passed = 0;
  for (const line of text.split('\n').filter((l) => l !== '')) {
    const row: Progress = JSON.parse(line);
    const file = relative(root, row.path);
    if (row.event === 'start') running.add(file);
    else {
      running.delete(file);
      passed += row.passed;
      failures.push(...row.failures.map((name) => `${file}: ${name}`));
      skips.push(...row.skips.map((name) => `${file}: ${name}`));
      if (row.isBroken) failures.push(`${file}: could not be run`);
    }
  }
  if (limitMs !== undefined) {
    const hung = [...running].map((file) => `${file}: still running after ${limitMs / 1000} s`);
    failures.push(...(hung.length > 0 ? hung : [`the run did not end within ${limitMs / 1000} s`]));
  } else if (hasFailed && failures.length === 0) failures.push('the test runner itself failed; its output says why');
  return { passed, failures, skips };
}
