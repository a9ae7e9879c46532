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
  /** Port of 127.0.0.1 that leads to the node's API. */
  readonly apiPort: number;
  /** More words for the kernel command line. */
  readonly kernelArguments: readonly string[];
  /** A unix socket that becomes the second serial line. */
  readonly secondSerial?: string;
}

/** The port of a node's API. */
const API_PORT = 50_000;
/** Console on the serial line; lines of ours are notices (5); without the limit on lines that user space may write. A panic restarts. */
const KERNEL_ARGUMENTS = ['console=ttyS0', 'loglevel=6', 'printk.devkmsg=on', 'panic=10'];

/** The arguments of qemu-system-x86_64; pure. Emulation only: /dev/kvm may be there and not work. The guest reaches nothing outside. */
export function qemuArguments(options: QemuOptions): string[] {
  const { kernel, initramfs, disks, memoryMib, cpus, apiPort, kernelArguments, secondSerial } = options;
  const forward = `hostfwd=tcp:127.0.0.1:${apiPort}-:${API_PORT}`;
  return [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none'],
    ...['-accel', 'tcg,thread=multi,tb-size=512', '-cpu', 'max', '-smp', String(cpus), '-m', String(memoryMib)],
    ...['-serial', 'stdio'],
    ...(secondSerial === undefined ? [] : ['-serial', `unix:${secondSerial},server=on,wait=off`]),
    ...['-kernel', kernel, '-initrd', initramfs, '-append', [...KERNEL_ARGUMENTS, ...kernelArguments].join(' ')],
    ...disks.flatMap(({ file, isReadOnly }) => [
      '-drive',
      `if=virtio,format=raw,file=${file},readonly=${isReadOnly ? 'on' : 'off'}`,
    ]),
    ...['-netdev', `user,id=net0,restrict=on,ipv6=off,${forward}`, '-device', 'virtio-net-pci,netdev=net0,romfile='],
    ...['-device', 'virtio-rng-pci'],
  ];
}
