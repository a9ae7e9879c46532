// npm run fuzz [-- target… --seconds N --seed S --run R]: feeds parsers and handlers what nobody would write, with other inputs each time.
// Prints the seed, and for a failure the smallest input that was found. Exits with 1 when something fails.
import { join } from 'node:path';
import { isFault, messageOf } from '@minos/base';
import { fuzzInput, runFuzz } from '@minos/testkit';
import { fuzzModules } from './fuzz-modules.ts';
import { type FuzzCommand, parseFuzzCommand } from './fuzz-options.ts';

async function runTarget(name: string, module: string, { seconds, seed, run }: FuzzCommand): Promise<boolean> {
  const only = run === undefined ? {} : { firstRun: run, maxRuns: 1 };
  const { runs, failure, slowestMs, growthMib } = await runFuzz(module, { seconds, seed, ...only });
  const figures = `${runs} inputs, slowest ${slowestMs.toFixed(0)} ms, ${growthMib.toFixed(1)} MiB grown`;
  console.log(`${failure === undefined ? 'ok  ' : 'FAIL'} ${name.padEnd(12)} seed ${seed}  ${figures}`);
  if (failure === undefined) return true;
  const input =
    failure.input === '' && failure.message.includes('hangs') ? await fuzzInput(module, seed, failure.run) : failure.input;
  console.log(`${failure.message}\nagain: npm run fuzz -- ${name} --seed ${seed} --run ${failure.run}\n--- with\n${input}\n---`);
  return false;
}

try {
  const command = parseFuzzCommand(process.argv.slice(2), Date.now() % 1_000_000);
  const modules = await fuzzModules(join(import.meta.dirname, '../..'));
  const unknown = command.names.filter((name) => !modules.has(name));
  if (unknown.length > 0) throw new Error(`no target ${unknown.join(', ')}; there are ${[...modules.keys()].join(', ')}`);
  let failures = 0;
  for (const [name, module] of modules) {
    if (command.names.length > 0 && !command.names.includes(name)) continue;
    if (!(await runTarget(name, module, command))) failures += 1;
  }
  process.exitCode = failures > 0 ? 1 : 0;
} catch (e) {
  console.error(isFault(e) ? e.message : messageOf(e));
  process.exitCode = 1;
}
