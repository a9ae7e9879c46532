import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TempDir, tempDir } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { mustRun, type RunResult, run } from '../../harness/run.ts';

const BIN = resolve(import.meta.dirname, '../../../node_modules/.bin');
/** Would make or end clusters of other names; their own stories run them. */
const IS_OF_CLUSTERS = /^minosctl cluster /;
/** Asks time servers, of which there are none in a cluster that has no way out. */
const IS_OF_TIME = /minosctl (\S+ \S+ )?time\b/;
/** For shells that are not on every machine. */
const IS_OF_OTHER_SHELL = /completion (zsh|fish)/;
/** Takes a whole terminal, and goes on until a signal or a key. */
const IS_OF_TERMINAL = /^minosctl .*\bdashboard\b/;
const GOES_ON = /\b(logs|dmesg)\b.* (-f|--follow)\b|--watch\b|minosctl .*\bevents\b/;
/** Its fingerprint is of no real node. */
const IS_PINNED = /--cert-fingerprint/;

let cluster: Cluster;
let dir: TempDir;
beforeAll(async () => {
  cluster = await startCluster({ name: 'examples' });
  dir = await tempDir('examples');
  const worker = cluster.workers[0];
  if (worker === undefined) throw new Error('no worker');
  await writeFile(dir.file('worker.yaml'), await readFile(join(worker.stateDir, 'config.yaml')));
  await writeFile(dir.file('patch.yaml'), 'machine:\n    certSANs:\n        - example.test\n');
  // So that there is a boot before this one to ask about.
  expect(await cluster.minosctl(['reboot', '--yes', '--force'])).toMatchObject({ code: 0 });
  await mkdir(dir.file('made'));
  await writeFile(dir.file('talosconfig'), await readFile(cluster.clientConfig));
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await dir?.[Symbol.asyncDispose]();
}, 60_000);

/** The indented lines under a heading of a help text. */
function section(help: string, heading: string): readonly string[] {
  const lines = help.split('\n');
  const at = lines.indexOf(`${heading}:`);
  expect(at).toBeGreaterThan(0);
  const rest = lines.slice(at + 1);
  return rest
    .slice(
      0,
      rest.findIndex((line) => !line.startsWith('  ')),
    )
    .map((line) => line.trim());
}

const help = (...path: string[]): Promise<string> => mustRun(join(BIN, 'minosctl'), [...path, '--help']);

/** Runs a line as a person would in a shell, in a directory with what the examples name. */
function inShell(line: string): Promise<RunResult> {
  const here = line
    .replaceAll('10.5.0.', cluster.address(0).replace(/0$/, ''))
    .replace(/context minos\b/, `context examples-${process.pid}`);
  const timed = IS_OF_TERMINAL.test(line)
    ? `script -qec 'timeout --foreground --preserve-status -s INT 4 ${here}' /dev/null < /dev/null`
    : GOES_ON.test(line)
      ? `timeout --preserve-status -s INT 4 ${here}`
      : here;
  const env = { PATH: `${BIN}:${process.env['PATH'] ?? ''}`, MINOSCONFIG: cluster.clientConfig, HOME: dir.path };
  return run('bash', ['-c', `set -o pipefail; ${timed}`], {
    cwd: /^minosctl gen /.test(line) ? dir.file('made') : dir.path,
    env,
    timeoutMs: 60_000,
  });
}

test('every command has a help with examples, and every example works', async () => {
  const commands = section(await help(), 'Commands').map((line) => line.split(/ {2,}/)[0] ?? '');
  expect(commands.length).toBeGreaterThan(25);
  const lines: string[] = [];
  for (const command of commands) {
    const examples = section(await help(...command.split(' ')), 'Examples');
    expect([command, examples.length]).not.toEqual([command, 0]);
    lines.push(...examples);
  }
  // What makes files that others read, first; what takes a node down, last.
  const rank = (line: string): number =>
    /\bshutdown\b/.test(line)
      ? 4
      : /\breset\b/.test(line)
        ? 2
        : /\breboot\b/.test(line)
          ? 3
          : /\bgen secrets\b/.test(line)
            ? 0
            : 1;
  const failed: string[] = [];
  let isDown = false;
  for (const line of lines.sort((a, b) => rank(a) - rank(b))) {
    if ([IS_OF_CLUSTERS, IS_OF_OTHER_SHELL, IS_OF_TIME].some((pattern) => pattern.test(line))) continue;
    // A node goes down once.
    if (isDown && /\bshutdown\b/.test(line)) continue;
    isDown ||= /\bshutdown\b/.test(line);
    const { code, stderr } = await inShell(line);
    const isGood = IS_PINNED.test(line) ? code === 1 && stderr.includes('fingerprint') : code === 0;
    if (!isGood) failed.push(`${line}\n  ended with ${code}: ${stderr}`);
  }
  expect(failed).toEqual([]);
}, 560_000);
