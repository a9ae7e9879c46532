// node tools/qemu/bench.ts [--runs N] [--memory MiB]: boots the image of dist/vm some times and prints figures as JSON. Run npm run build first.
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFault, messageOf, systemClock } from '@minos/base';
import { run } from '../build/run-command.ts';
import { buildMachine, type MachineFiles } from './build-machine.ts';
import { startVm, type Vm } from './start-vm.ts';
import { speaksTls } from './tls-probe.ts';
import { vmOptions } from './vm-options.ts';

/** What one boot took; seconds since QEMU was started, MB of the guest. */
interface Boot {
  readonly initS: number;
  readonly machinedS: number;
  /** The whole command that asks is counted. */
  readonly firstAnswerS: number;
  readonly upS: number;
  /** What is not available to anybody else, and of that what is not file pages, when all has been idle for a while. */
  readonly usedMb: number;
  readonly withoutFilePagesMb: number;
}

const root = join(import.meta.dirname, '../..');
const PORT = 21_580;
const IDLE_MS = 30_000;
const PATIENCE_MS = 120_000;
const MARKS = { initS: 'stage 1: starting /sbin/init', machinedS: '[minos] phase mounts', upS: ' is up: ' } as const;

function meminfo(text: string, name: string): number {
  const [, kib] = new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(text) ?? [];
  return (Number(kib) * 1024) / 1e6;
}

function memoryOf(text: string): Pick<Boot, 'usedMb' | 'withoutFilePagesMb'> {
  const [total = 0, available = 0, free = 0, cached = 0, buffers = 0] = [
    'MemTotal',
    'MemAvailable',
    'MemFree',
    'Cached',
    'Buffers',
  ].map((n) => meminfo(text, n));
  return { usedMb: Math.round(total - available), withoutFilePagesMb: Math.round(total - free - cached - buffers) };
}

async function ask(vm: Vm, args: readonly string[]): Promise<string> {
  return run(process.execPath, ['dist/minosctl/minosctl.js', '--minosconfig', vm.config.clientConfig, ...args], root);
}

/** Waits until the guest speaks TLS, then asks; seconds since the start. */
async function firstAnswer(vm: Vm): Promise<number> {
  const until = AbortSignal.timeout(PATIENCE_MS);
  while (!(await speaksTls(PORT))) await systemClock.sleep(20, until);
  await ask(vm, ['version']);
  return (performance.now() - vm.qemu.startedMs) / 1000;
}

async function measure(dir: string, memory: string): Promise<Boot> {
  const seen = new Map<string, number>();
  let startedMs = performance.now();
  const options = vmOptions(root, ['--dir', dir, '--port', String(PORT), '--no-build', '--accel', 'tcg', '--memory', memory]);
  const vm = await startVm(root, options, (line) => {
    for (const [name, mark] of Object.entries(MARKS)) {
      if (line.includes(mark) && !seen.has(name)) seen.set(name, (performance.now() - startedMs) / 1000);
    }
  });
  startedMs = vm.qemu.startedMs;
  await using _qemu = vm.qemu;
  const answerS = await firstAnswer(vm);
  const until = AbortSignal.timeout(PATIENCE_MS);
  while (!seen.has('upS')) await systemClock.sleep(50, until);
  await systemClock.sleep(IDLE_MS, until);
  const memoryUse = memoryOf(await ask(vm, ['cat', '/proc/meminfo']));
  const at = (name: keyof typeof MARKS): number => Number((seen.get(name) ?? Number.NaN).toFixed(1));
  return {
    initS: at('initS'),
    machinedS: at('machinedS'),
    firstAnswerS: Number(answerS.toFixed(1)),
    upS: at('upS'),
    ...memoryUse,
  };
}

async function sizes(files: MachineFiles): Promise<Record<string, number>> {
  const megabytes = async (file: string): Promise<number> => Number(((await stat(file)).size / 1e6).toFixed(2));
  const squashfs = await megabytes(join(root, 'dist/image/rootfs.sqsh'));
  const image = await megabytes(files.image);
  return {
    kernel: await megabytes(files.vmlinuz),
    initramfs: await megabytes(files.initramfs),
    squashfs,
    sealAndTree: Number((image - squashfs).toFixed(2)),
  };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { runs: { type: 'string', default: '3' }, memory: { type: 'string', default: '512' } },
  });
  const files = await buildMachine(root, join(root, '.minos/signing'));
  const dir = await mkdtemp(join(tmpdir(), 'minos-vm-bench-'));
  const boots: Boot[] = [];
  try {
    for (let i = 0; i < Number(values.runs); i += 1) boots.push(await measure(join(dir, String(i)), values.memory));
  } finally {
    await rm(dir, { recursive: true, force: true });
  }
  console.log(JSON.stringify({ memoryMib: Number(values.memory), sizesMb: await sizes(files), boots }, null, 2));
}

try {
  await main();
} catch (e) {
  console.error(isFault(e) ? e.message : messageOf(e));
  process.exitCode = 1;
}
