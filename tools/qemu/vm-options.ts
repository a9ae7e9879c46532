import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Fault } from '@minos/base';
import type { Accelerator } from './kvm-probe.ts';

/** What `npm run vm` is asked for. */
export interface VmOptions {
  readonly dir: string;
  readonly name: string;
  readonly apiPort: number;
  readonly memoryMib: number;
  readonly cpus: number;
  /** `auto` takes KVM when a probe shows that it works. */
  readonly accelerator: Accelerator | 'auto';
  /** Whether dist/vm is made anew. */
  readonly doesBuild: boolean;
  /** Whether the image is on a disk, and not in the initramfs. */
  readonly hasDisk: boolean;
  /** Where the node finds its configuration: on a disk, in the initramfs, behind a URL, or nowhere. */
  readonly configFrom: 'disk' | 'initramfs' | 'none' | { readonly url: string };
  /** The port of 127.0.0.1 to which port 80 of 10.0.2.100 leads in the guest; undefined for none. */
  readonly hostPort: number | undefined;
  /** Whether what the node keeps is on disks, and outlives it. */
  readonly isKept: boolean;
  /** Another sealed image than that of dist/vm. */
  readonly image: string | undefined;
  /** A program that runs before stage 1, from an initramfs of its own (tests). */
  readonly first: string | undefined;
  readonly secondSerial: string | undefined;
  /** More words for the kernel command line. */
  readonly kernelArguments: readonly string[];
}

const OPTIONS = {
  dir: { type: 'string' },
  name: { type: 'string', default: 'minos-vm' },
  port: { type: 'string', default: '21555' },
  memory: { type: 'string', default: '512' },
  cpus: { type: 'string', default: '2' },
  accel: { type: 'string', default: 'auto' },
  'no-build': { type: 'boolean', default: false },
  'no-disk': { type: 'boolean', default: false },
  'no-keep': { type: 'boolean', default: false },
  config: { type: 'string', default: 'disk' },
  'host-port': { type: 'string' },
  image: { type: 'string' },
  first: { type: 'string' },
  'second-serial': { type: 'string' },
  'kernel-argument': { type: 'string', multiple: true },
} as const;

/** Reads the command line; throws a Fault that says what is wrong with it. */
export function vmOptions(root: string, args: readonly string[]): VmOptions {
  const { values } = parseArgs({ args: [...args], options: OPTIONS });
  return {
    dir: values.dir ?? join(root, '.minos/vm'),
    name: values.name,
    apiPort: numberOf('port', values.port, 65_535),
    memoryMib: numberOf('memory', values.memory, 65_536),
    cpus: numberOf('cpus', values.cpus, 64),
    accelerator: acceleratorOf(values.accel),
    doesBuild: !values['no-build'],
    hasDisk: !values['no-disk'],
    configFrom: configFrom(values.config),
    hostPort: values['host-port'] === undefined ? undefined : numberOf('host-port', values['host-port'], 65_535),
    isKept: !values['no-keep'],
    image: values.image,
    first: values.first,
    secondSerial: values['second-serial'],
    kernelArguments: values['kernel-argument'] ?? [],
  };
}

function numberOf(name: string, text: string, most: number): number {
  const value = Number(text);
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new Fault('invalid', `--${name} ${text}: a whole number from 1 to ${most} is expected`);
}

function configFrom(text: string): VmOptions['configFrom'] {
  if (text === 'disk' || text === 'initramfs' || text === 'none') return text;
  if (/^https?:/.test(text) && URL.canParse(text)) return { url: text };
  throw new Fault('invalid', `--config ${text}: disk, initramfs, none, or a URL is expected`);
}

/** Reads the name of an accelerator; throws `invalid`. Pure. */
export function acceleratorOf(text: string): VmOptions['accelerator'] {
  if (text === 'kvm' || text === 'tcg' || text === 'auto') return text;
  throw new Fault('invalid', `--accel ${text}: kvm, tcg (emulation) or auto is expected`);
}
