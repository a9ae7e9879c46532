import { join, resolve } from 'node:path';
import { systemClock } from '@minos/base';
import { eventually, type TempDir, tempDir } from '@minos/testkit';
import { type Background, mustRun, type RunOptions, type RunResult, run, start } from '../../harness/run.ts';
import { type Agent, openAgent } from './agent.ts';

/** The root of the checkout. */
export const ROOT = resolve(import.meta.dirname, '../../..');
const MINOSCTL = join(ROOT, 'node_modules/.bin/minosctl');
const NODE = process.execPath;

/** The sealed image that `buildVm` makes. */
export const IMAGE = join(ROOT, 'dist/vm/rootfs.img');

/** What makes the machine of a test differ from that of `npm run vm`. */
export interface VmTestOptions {
  readonly name: string;
  /** Port of 127.0.0.1, unique among the tests, and below those that the kernel gives out by itself. */
  readonly port: number;
  readonly memoryMib?: number;
  /** A sealed image that is not that of dist/vm. */
  readonly image?: string;
  /** Where the machine keeps what it is made of; removed with it unless it is given. */
  readonly dir?: string;
  /** Whether it has disks for STATE and EPHEMERAL; true unless said otherwise. */
  readonly isKept?: boolean;
  readonly kernelArguments?: readonly string[];
  /** More options of `npm run vm`. */
  readonly more?: readonly string[];
}

/** A machine in QEMU, of a test. Disposing it turns it off and removes all that it kept. */
export interface TestVm extends AsyncDisposable {
  readonly dir: string;
  /** All of the console so far. */
  readonly console: () => string;
  readonly agent: Agent;
  /** When QEMU was started; the monotonic clock of this process. */
  readonly startedMs: number;
  readonly ended: Promise<RunResult>;
  minosctl(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** Runs minosctl, which must succeed, and hands back what it printed. */
  ask(args: readonly string[], options?: RunOptions): Promise<string>;
}

/** Makes dist/vm and the test agent; once, before the machines of a test. */
export async function buildVm(): Promise<void> {
  await mustRun(NODE, ['tools/qemu/build.ts'], { cwd: ROOT, timeoutMs: 300_000 });
  await mustRun('sh', ['e2e/vm/agent/build.sh', 'dist/test/agent'], { cwd: ROOT });
}

/** Starts a machine; it has just begun to boot. */
export async function startVm(options: VmTestOptions): Promise<TestVm> {
  const temp = await tempDir(`vm-${options.name}`);
  const dir = options.dir ?? join(temp.path, 'vm');
  const serial = join(temp.path, 'agent.sock');
  const args = [
    ...['--dir', dir, '--name', options.name, '--port', String(options.port), '--no-build', '--accel', 'tcg'],
    ...['--memory', String(options.memoryMib ?? 512), '--first', 'dist/test/agent/agent', '--second-serial', serial],
    ...(options.image === undefined ? [] : ['--image', options.image]),
    ...(options.isKept === false ? ['--no-keep'] : []),
    ...(options.more ?? []),
    ...(options.kernelArguments ?? []).map((word) => `--kernel-argument=${word}`),
  ];
  const startedMs = systemClock.monotonicMs();
  const machine = start(NODE, [join(ROOT, 'tools/qemu/main.ts'), ...args]);
  try {
    const agent = await eventually(() => openAgent(serial), { withinMs: 60_000 });
    return vmOf(machine, { temp, dir, agent, startedMs });
  } catch (e) {
    await turnOff(machine, temp);
    throw new Error(`the machine did not start:\n${machine.stdout()}\n${machine.stderr()}`, { cause: e });
  }
}

function vmOf(
  machine: Background,
  { temp, dir, agent, startedMs }: Pick<TestVm, 'dir' | 'agent' | 'startedMs'> & { readonly temp: TempDir },
): TestVm {
  const global = ['--minosconfig', join(dir, 'config')];
  const minosctl = (args: readonly string[], how?: RunOptions): Promise<RunResult> =>
    run(MINOSCTL, [...global, ...args], { cwd: ROOT, ...how });
  return {
    dir,
    console: () => machine.stdout(),
    agent,
    startedMs,
    ended: machine.ended,
    minosctl,
    ask: (args, how) => mustRun(MINOSCTL, [...global, ...args], { cwd: ROOT, ...how }),
    [Symbol.asyncDispose]: async () => {
      agent.close();
      await turnOff(machine, temp);
    },
  };
}

/** By SIGTERM, so that QEMU ends with the program that started it. */
async function turnOff(machine: Background, temp: TempDir): Promise<void> {
  try {
    process.kill(machine.pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
  await machine.ended;
  await temp[Symbol.asyncDispose]();
}
