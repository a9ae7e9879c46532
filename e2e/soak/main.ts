// npm run soak -- [--seconds 3600]: calls of every kind through a real cluster for an hour, with all certificates rotated
// twice meanwhile. Prints what it saw, writes it to e2e/bench/results, and ends with 1 when a call failed or something grew.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startCluster } from '../harness/cluster.ts';
import { mustRun } from '../harness/run.ts';
import { soak } from './soak.ts';

/** In less everything still warms up, and its slope says nothing. */
const LONG_SECONDS = 1800;
const MOST_KEPT = 30;
const at = process.argv.indexOf('--seconds');
const seconds = at < 0 ? 3600 : Number(process.argv[at + 1]);
if (!(seconds >= 30)) throw new Error('usage: npm run soak -- [--seconds <30 or more>]');
const root = join(import.meta.dirname, '../..');
const commit = (await mustRun('git', ['rev-parse', '--short=10', 'HEAD'], { cwd: root })).trim();

await using cluster = await startCluster({ name: 'soak' });
const result = await soak(cluster, seconds);
const results = join(root, 'e2e/bench/results');
await mkdir(results, { recursive: true });
const time = new Date().toISOString();
const file = join(results, `${time.slice(0, 10)}-${commit}-soak.json`);
const daemons = result.daemons.map((daemon) => {
  const every = Math.ceil(daemon.samples.length / MOST_KEPT);
  return { ...daemon, samples: daemon.samples.filter((_sample, n) => n % every === 0) };
});
await writeFile(file, `${JSON.stringify({ time, commit, ...result, daemons }, null, 1)}\n`);

for (const [kind, { done, failed }] of Object.entries(result.calls))
  console.log(`${kind.padEnd(16)} ${done} done, ${failed} failed`);
for (const { name, residentMib: mib, descriptors } of result.daemons) {
  const memory = `${mib.first} → ${mib.last} MiB (most ${mib.most}, ${mib.perHour >= 0 ? '+' : ''}${mib.perHour} an hour)`;
  console.log(`${name.padEnd(22)} ${memory}, descriptors ${descriptors.first} → ${descriptors.last} (most ${descriptors.most})`);
}
for (const failure of result.failures) console.log(failure);
console.log(`${result.seconds} s, certificates rotated ${result.rotations} times: ${file}`);

const grown = seconds < LONG_SECONDS ? [] : result.daemons.filter((d) => d.residentMib.perHour > 10);
const failed = Object.values(result.calls).reduce((sum, count) => sum + count.failed, 0);
for (const { name } of grown) console.log(`${name} grows`);
process.exitCode = failed > 0 || grown.length > 0 ? 1 : 0;
