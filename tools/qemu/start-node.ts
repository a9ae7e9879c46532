// node tools/qemu/start-node.ts …: starts a node of a cluster as a machine in QEMU that goes on when this has ended. minosctl cluster create calls it.
import { spawn } from 'node:child_process';
import { mkdir, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault, isFault, messageOf, systemClock } from '@minos/base';
import { isThere } from '../build/programs.ts';
import { machineFiles } from './build-machine.ts';
import { makeConfigDisk } from './make-disks.ts';
import { qemuArguments } from './qemu-arguments.ts';
import { chooseAccelerator, keptVolumes } from './start-vm.ts';
import { acceleratorOf } from './vm-options.ts';

const root = join(import.meta.dirname, '../..');
const NAMES = ['name', 'dir', 'config', 'image', 'tap', 'mac', 'memory', 'cpus', 'accel', 'pidfile', 'console'] as const;
const STARTED_MS = 20_000;

type Options = Readonly<Record<(typeof NAMES)[number], string>>;

function readOptions(): Options {
  const { values } = parseArgs({ options: Object.fromEntries(NAMES.map((name) => [name, { type: 'string' }] as const)) });
  const value = (name: (typeof NAMES)[number]): string => {
    const given = values[name];
    if (typeof given === 'string') return given;
    throw new Fault('invalid', `--${name} is missing`);
  };
  return {
    name: value('name'),
    dir: value('dir'),
    config: value('config'),
    image: value('image'),
    tap: value('tap'),
    mac: value('mac'),
    memory: value('memory'),
    cpus: value('cpus'),
    accel: value('accel'),
    pidfile: value('pidfile'),
    console: value('console'),
  };
}

async function machineOf(options: Options): Promise<string[]> {
  const files = machineFiles(root);
  await mkdir(options.dir, { recursive: true, mode: 0o700 });
  const configDisk = join(options.dir, 'config.iso');
  await makeConfigDisk(configDisk, { text: await readFile(options.config, 'utf8'), name: options.name });
  return qemuArguments({
    kernel: files.vmlinuz,
    initramfs: files.initramfs,
    disks: [
      { file: options.image, isReadOnly: true },
      { file: configDisk, isReadOnly: true },
      ...(await keptVolumes(options.dir)),
    ],
    memoryMib: Number(options.memory),
    cpus: Number(options.cpus),
    accelerator: await chooseAccelerator(acceleratorOf(options.accel), console.log),
    network: { tap: options.tap, mac: options.mac },
    identity: { name: options.name, pidfile: options.pidfile },
    consoleFile: options.console,
    kernelArguments: [],
  });
}

/** Resolves when QEMU has opened everything and written its pidfile. */
async function start(options: Options): Promise<void> {
  // One that was killed left it.
  await rm(options.pidfile, { force: true });
  const complaints = join(options.dir, 'qemu.log');
  await using log = await open(complaints, 'w', 0o600);
  const child = spawn('qemu-system-x86_64', await machineOf(options), {
    cwd: '/',
    detached: true,
    stdio: ['ignore', log.fd, log.fd],
  });
  const ended = new Promise<string>((resolve) => {
    child.once('error', (e) => resolve(`${messageOf(e)}; the Debian package is qemu-system-x86`));
    child.once('exit', (code) => resolve(`it ended with code ${code}`));
  });
  const until = systemClock.monotonicMs() + STARTED_MS;
  const never = new AbortController().signal;
  while (!(await isThere(options.pidfile))) {
    const end = await Promise.race([ended, systemClock.sleep(20, never)]);
    if (typeof end === 'string')
      throw new Fault('unavailable', `QEMU does not run ${options.name}: ${end}\n${(await readFile(complaints, 'utf8')).trim()}`);
    if (systemClock.monotonicMs() > until)
      throw new Fault('deadline', `QEMU does not start ${options.name}; ${complaints} may say why`);
  }
  child.unref();
}

try {
  await start(readOptions());
} catch (e) {
  console.error(isFault(e) ? e.message : messageOf(e));
  process.exitCode = 1;
}
