import { runLimited } from './limited-command.ts';
import type { Outcome } from './outcome.ts';

/** One target of every project. */
export interface NxSuite {
  readonly root: string;
  readonly target: string;
  readonly limitMs: number;
}

/** Runs a target of every project that has it; each project counts as one test. */
export async function runNx({ root, target, limitMs }: NxSuite): Promise<Outcome> {
  const output: string[] = [];
  const args = ['node_modules/nx/dist/bin/nx.js', 'run-many', '-t', target, '--output-style=static', '--parallel=2'];
  const { code, isLate } = await runLimited({
    args,
    cwd: root,
    limitMs,
    env: { NX_DAEMON: 'false', FORCE_COLOR: '0', NX_VERBOSE_LOGGING: 'false' },
    onOutput: (text) => output.push(text),
  });
  return countTasks({ text: output.join(''), target, code, isLate });
}

/** The output of nx, and how it ended. */
export interface NxOutput {
  readonly text: string;
  readonly target: string;
  readonly code: number | null;
  readonly isLate: boolean;
}

/** Counts the tasks of a target in nx's static output; pure. */
export function countTasks({ text, target, code, isLate }: NxOutput): Outcome {
  const [head = '', failed = ''] = text.split(/^.*Failed tasks:.*$/m);
  const failures = [...failed.matchAll(/^\s*- (\S+)$/gm)].flatMap(([, task]) => (task === undefined ? [] : [`nx run ${task}`]));
  const ran = new Set([...head.matchAll(new RegExp(`nx run (\\S+:${target})\\b`, 'g'))].map(([, task]) => `nx run ${task}`));
  for (const task of failures) ran.delete(task);
  if (isLate) failures.push(`nx ${target} did not end in time`);
  else if (code !== 0 && failures.length === 0) failures.push(`nx ${target} failed; its output says why`);
  return { passed: ran.size, failures, skips: [] };
}
