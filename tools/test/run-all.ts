// node tools/test/run-all.ts [pattern…]: every check and every test, all of them whatever fails, and one plain line at the end.
// With patterns, only the test files whose path contains one of them.
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { isOnPath } from './is-on-path.ts';
import { runJest } from './jest-suite.ts';
import { compareInventories, takeInventory } from './leftovers.ts';
import { runNx } from './nx-suite.ts';
import { closingLine, type Outcome, sumOutcomes } from './outcome.ts';
import { sweepLeftovers } from './sweep.ts';

const root = join(import.meta.dirname, '../..');
const patterns = process.argv.slice(2);
const MINUTE = 60_000;
/** CI ends a run after 90 minutes without a word; this one ends itself before, with its counts. */
const endsAt = Date.now() + 80 * MINUTE;

function limited(limitMs: number): number {
  return Math.max(1000, Math.min(limitMs, endsAt - Date.now()));
}

async function section(name: string, work: () => Promise<Outcome>): Promise<Outcome> {
  console.log(`\n━━ ${name}`);
  const started = Date.now();
  const outcome = await work();
  console.log(`── ${name}: ${closingLine(outcome).replace(' passed', ' ok')} (${Math.round((Date.now() - started) / 1000)} s)`);
  return outcome;
}

function isWanted(file: string): boolean {
  return patterns.length === 0 || patterns.some((p) => file.includes(p));
}

async function stories(): Promise<string[]> {
  const names = await readdir(join(root, 'e2e'), { recursive: true });
  return names.filter((n) => n.endsWith('.test.ts') && !n.includes('node_modules') && isWanted(`e2e/${n}`)).sort();
}

async function runStories(hasBuild: boolean): Promise<Outcome[]> {
  const files = await stories();
  if (!hasBuild) return [{ passed: 0, failures: files.map((f) => `e2e/${f}: not run, because the build failed`), skips: [] }];
  if (process.getuid?.() !== 0) {
    return [{ passed: 0, failures: [], skips: files.map((f) => `e2e/${f}: namespaces and mounts need root`) }];
  }
  const outcomes: Outcome[] = [];
  for (const file of files) {
    const suite = { root, config: 'tools/test/e2e.jest.config.mjs', patterns: [`e2e/${file}$`], workers: 1 };
    outcomes.push(await section(`e2e/${file}`, () => runJest({ ...suite, limitMs: limited(10 * MINUTE) })));
  }
  return outcomes;
}

for (const path of await sweepLeftovers(root)) console.log(`removed what a killed run left: ${path}`);
/** One boot of the image as a whole machine, from the configuration disk to power off. */
const MACHINE_STORY = 'e2e/vm/smoke/smoke.vm.ts';

async function runMachine(hasBuild: boolean): Promise<Outcome[]> {
  if (!isWanted(MACHINE_STORY)) return [];
  if (!hasBuild) return [{ passed: 0, failures: [`${MACHINE_STORY}: not run, because the build failed`], skips: [] }];
  if (!(await isOnPath('qemu-system-x86_64')) && process.env['CI'] === undefined) {
    return [
      {
        passed: 0,
        failures: [],
        skips: [`${MACHINE_STORY}: qemu-system-x86_64 is missing; the Debian package is qemu-system-x86`],
      },
    ];
  }
  const suite = { root, config: 'tools/test/vm.jest.config.mjs', patterns: [`${MACHINE_STORY}$`], workers: 1 };
  return [await section(MACHINE_STORY, () => runJest({ ...suite, limitMs: limited(15 * MINUTE) }))];
}

const before = await takeInventory();
const checks = await section('checks', () => runNx({ root, target: 'check', limitMs: limited(10 * MINUTE) }));
const build = await section('build', () => runNx({ root, target: 'build', limitMs: limited(10 * MINUTE) }));
const units = await section('unit tests and conformance suites', () =>
  runJest({
    root,
    config: 'jest.config.mjs',
    patterns: [...patterns, ...(patterns.length > 0 ? ['--passWithNoTests'] : [])],
    workers: 2,
    limitMs: limited(20 * MINUTE),
  }),
);
const hasBuild = build.failures.length === 0;
const e2e = await runStories(hasBuild);
const machine = await runMachine(hasBuild);
const left = compareInventories(before, await takeInventory());

// The build is not a test: it counts only when it fails.
const total = sumOutcomes([checks, { ...build, passed: 0 }, units, ...e2e, ...machine, left]);
for (const line of total.skips) console.log(`skipped: ${line}`);
for (const line of total.failures) console.log(`failed: ${line}`);
console.log(`\n${closingLine(total)}`);
process.exitCode = total.failures.length > 0 ? 1 : 0;
