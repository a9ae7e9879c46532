import type { Accelerator } from './kvm-probe.ts';

/** A disk of a machine. */
export interface Disk {
  readonly file: string;
  readonly isReadOnly: boolean;
}

/** What a machine in QEMU is made of. */
export interface QemuOptions {
  readonly kernel: string;
  readonly initramfs: string;
  readonly disks: readonly Disk[];
  readonly memoryMib: number;
  readonly cpus: number;
  /** What runs the processor; emulation unless said otherwise, since /dev/kvm may be there and not work. */
  readonly accelerator?: Accelerator;
  /** Port of 127.0.0.1 that leads to the node's API, or the link of this host that is the other end of the machine's. */
  readonly network: { readonly apiPort: number } | { readonly tap: string; readonly mac: string };
  /** The command to which each connection of the guest to port 80 of 10.0.2.100 goes; nothing else of the host is reached. */
  readonly relay?: string;
  /** More words for the kernel command line. */
  readonly kernelArguments: readonly string[];
  /** Where the console goes; standard output when there is none. */
  readonly consoleFile?: string;
  /** Name and file with the process id, by which others find the machine. */
  readonly identity?: { readonly name: string; readonly pidfile: string };
  /** A unix socket that becomes the second serial line. */
  readonly secondSerial?: string;
}

/** The port of a node's API. */
const API_PORT = 50_000;
/** Console on the serial line; lines of ours are notices (5); without the limit on lines that user space may write. A panic restarts. */
const KERNEL_ARGUMENTS = ['console=ttyS0', 'loglevel=6', 'printk.devkmsg=on', 'panic=10'];
/** What the Kernel Self-Protection Project recommends and a kernel takes as arguments; machined looks whether they are there. */
const HARDENING_ARGUMENTS = [
  'slab_nomerge',
  'init_on_alloc=1',
  'randomize_kstack_offset=on',
  'vsyscall=none',
  'module.sig_enforce=1',
];
/**
 * Emulation makes each byte of a `rep movsb` one step, and each read of the HPET a way out of the guest and back; page tables of five
 * levels are one more to walk. Without them the same boot takes a tenth less of the processor.
 */
const PROCESSOR: Readonly<Record<Accelerator, { readonly qemu: readonly string[]; readonly kernel: readonly string[] }>> = {
  tcg: { qemu: ['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max,erms=off,fsrm=off,la57=off'], kernel: ['tsc=reliable'] },
  // Only where a processor can be affected by Meltdown do two sets of page tables help; under emulation they cost a fifth of the boot.
  kvm: { qemu: ['-accel', 'kvm', '-cpu', 'host'], kernel: ['pti=on'] },
};

/** The arguments of qemu-system-x86_64; pure. The guest reaches nothing outside. */
export function qemuArguments(options: QemuOptions): string[] {
  const { kernel, initramfs, disks, memoryMib, cpus, network, kernelArguments, identity, consoleFile, secondSerial } = options;
  const processor = PROCESSOR[options.accelerator ?? 'tcg'];
  const words = [...KERNEL_ARGUMENTS, ...HARDENING_ARGUMENTS, ...processor.kernel, ...kernelArguments];
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none'],
    ...[...processor.qemu, '-smp', String(cpus), '-m', String(memoryMib)],
    ...(identity === undefined ? [] : ['-name', identity.name, '-pidfile', identity.pidfile]),
    ...consoleArguments(consoleFile),
    ...(secondSerial === undefined ? [] : ['-serial', `unix:${secondSerial},server=on,wait=off`]),
    ...['-kernel', kernel, '-initrd', initramfs, '-append', words.join(' ')],
    ...disks.flatMap(({ file, isReadOnly }) => [
      '-drive',
      `if=virtio,format=raw,file=${file},readonly=${isReadOnly ? 'on' : 'off'}`,
    ]),
    ...networkArguments(network, options.relay),
    ...['-device', 'virtio-rng-pci'],
  ];
}

function consoleArguments(file: string | undefined): readonly string[] {
  if (file === undefined) return ['-serial', 'stdio'];
  return ['-chardev', `file,id=console,path=${file},append=on`, '-serial', 'chardev:console'];
}

function networkArguments(network: QemuOptions['network'], relay: string | undefined): readonly string[] {
  const card = 'virtio-net-pci,netdev=net0,romfile=';
  if ('tap' in network) {
    return ['-netdev', `tap,id=net0,ifname=${network.tap},script=no,downscript=no`, '-device', `${card},mac=${network.mac}`];
  }
  const forward = `hostfwd=tcp:127.0.0.1:${network.apiPort}-:${API_PORT}`;
  const guestForward = relay === undefined ? '' : `,guestfwd=tcp:10.0.2.100:80-cmd:${relay}`;
  return ['-netdev', `user,id=net0,restrict=on,ipv6=off,${forward}${guestForward}`, '-device', card];
}
