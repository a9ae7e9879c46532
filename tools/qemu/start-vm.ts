import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packArchive } from '../build/initramfs-archive.ts';
import { buildMachine, type MachineFiles, machineFiles } from './build-machine.ts';
import { type Accelerator, probeKvm } from './kvm-probe.ts';
import { makeConfigDisk, makeVolume } from './make-disks.ts';
import { GUEST_ADDRESS, type NodeConfig, nodeConfig } from './node-config.ts';
import type { Disk, QemuOptions } from './qemu-arguments.ts';
import { type Qemu, startQemu } from './start-qemu.ts';
import type { VmOptions } from './vm-options.ts';

/** A node that runs in QEMU, and how it is reached. */
export interface Vm {
  readonly qemu: Qemu;
  readonly config: NodeConfig;
}

/** Makes what is missing, and starts a node. The caller disposes of the machine. */
export async function startVm(root: string, options: VmOptions, onLine: (line: string) => void): Promise<Vm> {
  const { machine, config } = await machineOf(root, options, onLine);
  return { qemu: startQemu(machine, onLine), config };
}

/** Makes what a machine is started from where it is missing, and says how it is started. */
export async function machineOf(
  root: string,
  options: VmOptions,
  onLine: (line: string) => void,
): Promise<{ readonly machine: QemuOptions; readonly config: NodeConfig }> {
  const { dir, name, apiPort, memoryMib, cpus, secondSerial } = options;
  const config = await nodeConfig(options);
  const files = options.doesBuild ? await buildMachine(root, join(root, '.minos/signing')) : machineFiles(root);
  const configDisk = join(dir, 'config.iso');
  if (options.configFrom === 'disk') await makeConfigDisk(configDisk, { text: config.text, name });
  const machine: QemuOptions = {
    kernel: files.vmlinuz,
    initramfs: await initramfsOf(options, files, config),
    disks: [
      ...(options.hasDisk ? [{ file: options.image ?? files.image, isReadOnly: true }] : []),
      ...(options.configFrom === 'disk' ? [{ file: configDisk, isReadOnly: true }] : []),
      ...(options.isKept ? await keptVolumes(dir) : []),
    ],
    memoryMib,
    cpus,
    accelerator: await chooseAccelerator(options.accelerator, onLine),
    network: { apiPort },
    ...(options.hostPort === undefined ? {} : { relay: relayTo(root, options.hostPort) }),
    kernelArguments: [
      ...(options.first === undefined ? [] : [`rdinit=${FIRST}`]),
      ...(typeof options.configFrom === 'object' ? [`talos.config=${options.configFrom.url}`, IP_ARGUMENT] : []),
      ...options.kernelArguments,
    ],
    ...(secondSerial === undefined ? {} : { secondSerial }),
  };
  return { machine, config };
}

/** What is asked for; or KVM where a probe shows that it works. What was found is told. */
export async function chooseAccelerator(wanted: VmOptions['accelerator'], onLine: (line: string) => void): Promise<Accelerator> {
  if (wanted !== 'auto') return wanted;
  const kvm = await probeKvm();
  onLine(
    kvm.works
      ? 'KVM works here: it runs the processor'
      : `the processor is emulated, because KVM does not work here: ${kvm.reason}`,
  );
  return kvm.works ? 'kvm' : 'tcg';
}

const FIRST = '/first';

/** What the guest needs to ask for its configuration: in QEMU's network it is the only one. */
const IP_ARGUMENT = `ip=${GUEST_ADDRESS}::10.0.2.2:255.255.255.0::eth0:off`;

/** QEMU starts it for each connection of the guest. */
function relayTo(root: string, port: number): string {
  return `${process.execPath} ${join(root, 'tools/qemu/relay.ts')} ${port}`;
}

/** What is to run first, and the configuration, come in an archive of their own, behind the other. */
async function initramfsOf(
  { dir, hasDisk, first, configFrom }: VmOptions,
  files: MachineFiles,
  config: NodeConfig,
): Promise<string> {
  const plain = hasDisk ? files.initramfs : files.wholeInitramfs;
  const extra = [
    ...(first === undefined ? [] : [{ path: FIRST.slice(1), mode: 0o755, content: await readFile(first) }]),
    ...(configFrom === 'initramfs' ? [{ path: 'config.yaml', mode: 0o600, content: Buffer.from(config.text) }] : []),
  ];
  if (extra.length === 0) return plain;
  const bytes = await readFile(plain);
  const file = join(dir, 'initramfs');
  await writeFile(file, Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4), packArchive(extra)]), { mode: 0o600 });
  return file;
}

/** Disks for STATE and EPHEMERAL in a folder, made where they are missing. */
export async function keptVolumes(dir: string): Promise<Disk[]> {
  const state = join(dir, 'state.img');
  const ephemeral = join(dir, 'ephemeral.img');
  await makeVolume(state, { label: 'STATE', sizeMib: 16 });
  await makeVolume(ephemeral, { label: 'EPHEMERAL', sizeMib: 128 });
  return [state, ephemeral].map((file) => ({ file, isReadOnly: false }));
}
