import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Fault, systemClock } from '@minos/base';
import { parseClientConfig } from '@minos/config';
import { run } from '../../build/run-command.ts';
import { buildMachine, type MachineFiles } from '../../qemu/build-machine.ts';
import { machineOf } from '../../qemu/start-vm.ts';
import { vmOptions } from '../../qemu/vm-options.ts';
import type { Figure, Measurement } from '../measurement.ts';
import { buildBareMachine } from './bare-machine.ts';
import { type Boot, bootOnce, type Question } from './boot-once.ts';

const ROUNDS = 5;
const PORT = 21_580;
const MEMORY_MIB = 512;
const CPUS = 2;
const NAME = 'minos-bench';
const IDLE_MS = 30_000;

/** What the guest had no more to give away, in MB, when its daemons had been idle for a while; pure. */
export function usedMemory(meminfo: string): number {
  const kib = (name: string): number => Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? Number.NaN);
  return Math.round(((kib('MemTotal') - kib('MemAvailable')) * 1024) / 1e6);
}

/** Boots a node, and a bare gRPC server on the same kernel, stage 1 and kind of disk, by turns; and what the guest of a node needs. */
export const vmBoot: Measurement = {
  name: 'vm',
  run: async ({ root }) => {
    const dir = await mkdtemp(join(tmpdir(), 'minos-vm-bench-'));
    try {
      const files = await buildMachine(root, join(root, '.minos/signing'));
      const bare = await buildBareMachine(root, join(dir, 'bare'));
      const minosBoots: Boot[] = [];
      const bareBoots: Boot[] = [];
      let memory = Number.NaN;
      for (let round = 0; round < ROUNDS; round += 1) {
        bareBoots.push(await bootBare(root, bare));
        const isLast = round === ROUNDS - 1;
        minosBoots.push(
          await bootMinos(root, join(dir, String(round)), async (ask) => {
            if (!isLast) return;
            await systemClock.sleep(IDLE_MS, AbortSignal.timeout(IDLE_MS * 2));
            memory = usedMemory(await ask(['cat', '/proc/meminfo']));
          }),
        );
      }
      return [...bootFigures(minosBoots, bareBoots), memoryFigure(memory), ...(await sizeFigures(files))];
    } finally {
      await rm(dir, { recursive: true, force: true });
    }
  },
};

function bootBare(root: string, { vmlinuz, initramfs, image }: Omit<MachineFiles, 'wholeInitramfs'>): Promise<Boot> {
  const machine = {
    ...{ kernel: vmlinuz, initramfs, disks: [{ file: image, isReadOnly: true }], memoryMib: MEMORY_MIB, cpus: CPUS },
    ...{ network: { apiPort: PORT }, kernelArguments: [] },
  };
  return bootOnce({ root, machine, question: { port: PORT, method: '/bare.Bare/Answer' } });
}

type Ask = (args: readonly string[]) => Promise<string>;

async function bootMinos(root: string, dir: string, then: (ask: Ask) => Promise<void>): Promise<Boot> {
  const words = ['--dir', dir, '--name', NAME, '--port', String(PORT), '--no-build', '--accel', 'tcg'];
  const options = vmOptions(root, [...words, '--memory', String(MEMORY_MIB), '--cpus', String(CPUS)]);
  const { machine, config } = await machineOf(root, options, () => undefined);
  const question: Question = {
    ...{ port: PORT, method: '/machine.MachineService/Version' },
    tls: await tlsFiles(dir, config.clientConfig),
  };
  const ask: Ask = (args) =>
    run(process.execPath, ['dist/minosctl/minosctl.js', '--minosconfig', config.clientConfig, ...args], root);
  return bootOnce({ root, machine, question }, () => then(ask));
}

async function tlsFiles(dir: string, clientConfig: string): Promise<[string, string, string]> {
  const parsed = parseClientConfig(await readFile(clientConfig, 'utf8'));
  const { caPem, certPem, keyPem } = (parsed.ok ? parsed.value.contexts.get(NAME) : undefined) ?? {};
  if (caPem === undefined || certPem === undefined || keyPem === undefined) {
    throw new Fault('internal', `${clientConfig} has no certificates for ${NAME}`);
  }
  const files: [string, string, string] = [join(dir, 'ca.crt'), join(dir, 'client.crt'), join(dir, 'client.key')];
  for (const [i, pem] of [caPem, certPem, keyPem].entries()) await writeFile(files[i] ?? '', pem, { mode: 0o600 });
  return files;
}

function middle(boots: readonly Boot[], of: (boot: Boot) => number): number {
  const values = boots.map(of).sort((a, b) => a - b);
  return values[values.length >> 1] ?? Number.NaN;
}

const digits = (value: number): number => Number(value.toFixed(2));

/** Medians of both, and how one stands to the other; pure. */
export function bootFigures(minos: readonly Boot[], bare: readonly Boot[]): readonly Figure[] {
  const rows = (
    what: string,
    of: (boot: Boot) => number,
    [most, ratio]: readonly [Partial<Figure>, Partial<Figure>],
  ): Figure[] => [
    { name: `${what}: Minos`, value: digits(middle(minos, of)), unit: 's', ...most },
    { name: `${what}: bare server`, value: digits(middle(bare, of)), unit: 's' },
    { name: `${what}: Minos / bare server`, value: digits(middle(minos, of) / middle(bare, of)), unit: '×', ...ratio },
  ];
  return [
    ...rows('boot to the first answer', (b) => b.answerS, [{ atMost: 13 }, { atMost: 1.6 }]),
    ...rows('boot, time of processors', (b) => b.cpuS, [{}, {}]),
  ];
}

function memoryFigure(value: number): Figure {
  return { name: 'guest memory in use: four daemons idle', value, unit: 'MB', atMost: 150 };
}

async function sizeFigures({ vmlinuz, initramfs, image }: MachineFiles): Promise<readonly Figure[]> {
  const bytes = await Promise.all([vmlinuz, initramfs, image].map(async (file) => (await stat(file)).size));
  const names = ['kernel', 'initramfs', 'sealed image'];
  const sum = bytes.reduce((a, b) => a + b, 0);
  return [
    ...bytes.map((size, i) => ({ name: `size: ${names[i]}`, value: digits(size / 1e6), unit: 'MB' })),
    { name: 'size: kernel, initramfs and sealed image', value: digits(sum / 1e6), unit: 'MB', atMost: 95 },
  ];
}
