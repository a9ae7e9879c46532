// node tools/bench/main.ts [--json] [--keep] [name…]: measures, prints a table (or JSON), and writes dist/bench.json; with --keep also
// e2e/bench/results/<date>-<commit>[-<names>].json. A name before a colon,
// such as apid, stands for all that begin with it. Exits with 1 when a promise is broken.
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isFault, messageOf } from '@minos/base';
import { run } from '../build/run-command.ts';
import { apidFanOut } from './apid/apid-fan-out.ts';
import { apidHeld } from './apid/apid-held.ts';
import { apidMemory } from './apid/apid-memory.ts';
import { apidStream } from './apid/apid-stream.ts';
import { apidUnary } from './apid/apid-unary.ts';
import { cliHelp } from './cli-help.ts';
import { cluster } from './cluster.ts';
import { logFollow } from './logs/log-follow.ts';
import { describeMachine } from './machine.ts';
import { machinedNode } from './machined/machined-node.ts';
import { watchFanOut } from './machined/watch-fan-out.ts';
import type { BenchContext, Figure, Measurement } from './measurement.ts';
import { isKept, reportText } from './report.ts';
import { sizes } from './sizes.ts';
import { vmBoot } from './vm/vm-boot.ts';

const MEASUREMENTS: readonly Measurement[] = [
  sizes,
  cliHelp,
  apidUnary,
  apidStream,
  apidFanOut,
  apidHeld,
  apidMemory,
  watchFanOut,
  machinedNode,
  logFollow,
  cluster,
  vmBoot,
];

const root = join(import.meta.dirname, '../..');
const isJson = process.argv.includes('--json');
const isKeeping = process.argv.includes('--keep');
const wanted = process.argv.slice(2).filter((word) => !word.startsWith('--'));
const context: BenchContext = {
  root,
  node: process.execPath,
  minosctl: async (args) => {
    const started = performance.now();
    await run(process.execPath, ['dist/minosctl/minosctl.js', ...args], root);
    return performance.now() - started;
  },
};

const figures: Figure[] = [];
let failures = 0;
process.env['MINOS_CHECKOUT'] = root;
for (const measurement of MEASUREMENTS.filter(
  (m) => (wanted.length === 0 && !m.isOnDemand) || wanted.includes(m.name) || wanted.includes(m.name.split(':')[0] ?? ''),
)) {
  console.error(`measuring: ${measurement.name}`);
  try {
    figures.push(...(await measurement.run(context)));
  } catch (e) {
    failures += 1;
    console.error(`${measurement.name}: ${isFault(e) ? e.message : messageOf(e)}`);
  }
}
const report = { machine: await describeMachine(root), figures };
await mkdir(join(root, 'dist'), { recursive: true });
await writeFile(join(root, 'dist/bench.json'), `${JSON.stringify(report, null, 2)}\n`);
if (isKeeping) {
  const { time, commit } = report.machine;
  const file = join(
    root,
    'e2e/bench/results',
    [time.slice(0, 10), commit.slice(0, 10), ...wanted].join('-').replaceAll(':', '-'),
  );
  await mkdir(join(root, 'e2e/bench/results'), { recursive: true });
  await writeFile(`${file}.json`, `${JSON.stringify(report, null, 2)}\n`);
}
console.log(isJson ? JSON.stringify(report, null, 2) : reportText(report));
process.exitCode = failures > 0 || !figures.every(isKept) ? 1 : 0;
