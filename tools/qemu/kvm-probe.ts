import { spawn } from 'node:child_process';
import { constants } from 'node:fs';
import { access, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '@minos/base';

/** What runs the processor of a guest. */
export type Accelerator = 'kvm' | 'tcg';

/** Whether KVM runs a guest here, and why not. */
export type KvmAnswer = { readonly works: true } | { readonly works: false; readonly reason: string };

const DEVICE = '/dev/kvm';
const LIMIT_MS = 5000;
/** isa-debug-exit ends QEMU with twice what is written, plus one. */
const WORD = 0x10;
const EXIT_CODE = 2 * WORD + 1;
const EXIT_PORT = 0xf4;
const SECTOR = 512;

/** A boot sector that writes one byte to the port of isa-debug-exit: mov dx,port; mov al,word; out dx,al; hlt; jmp to the hlt. */
export function probeSector(): Buffer {
  const sector = Buffer.alloc(SECTOR);
  Buffer.from([0xba, EXIT_PORT, 0x00, 0xb0, WORD, 0xee, 0xf4, 0xeb, 0xfd]).copy(sector);
  sector.writeUInt16LE(0xaa55, SECTOR - 2);
  return sector;
}

/** What a test of the probe changes. */
export interface ProbeOptions {
  readonly accelerator?: Accelerator;
  readonly limitMs?: number;
}

/** Boots a guest of 512 bytes, for five seconds at most: /dev/kvm may be there and its guests never run. */
export async function probeKvm({ accelerator = 'kvm', limitMs = LIMIT_MS }: ProbeOptions = {}): Promise<KvmAnswer> {
  try {
    if (accelerator === 'kvm') await access(DEVICE, constants.R_OK | constants.W_OK);
  } catch {
    return { works: false, reason: `${DEVICE} is not there, or not for this user` };
  }
  const folder = await mkdtemp(join(tmpdir(), 'minos-kvm-probe-'));
  try {
    const disk = join(folder, 'sector');
    await writeFile(disk, probeSector());
    return await bootProbe({ disk, accelerator, limitMs });
  } catch (e) {
    return { works: false, reason: messageOf(e) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

interface Probe {
  readonly disk: string;
  readonly accelerator: Accelerator;
  readonly limitMs: number;
}

function bootProbe({ disk, accelerator, limitMs }: Probe): Promise<KvmAnswer> {
  const args = [
    ...['-nodefaults', '-no-user-config', '-display', 'none', '-monitor', 'none', '-accel', accelerator, '-m', '16'],
    // The processor and the number that a machine gets: KVM may run a plain one and refuse this one.
    ...(accelerator === 'kvm' ? ['-cpu', 'host', '-smp', '2'] : []),
    ...['-device', `isa-debug-exit,iobase=0x${EXIT_PORT.toString(16)},iosize=0x04`],
    ...['-drive', `if=floppy,format=raw,file=${disk},readonly=on`, '-boot', 'a', '-no-reboot'],
  ];
  return new Promise((resolve) => {
    const child = spawn('qemu-system-x86_64', args, { stdio: ['ignore', 'ignore', 'pipe'] });
    const said: Buffer[] = [];
    child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
    const late = setTimeout(() => {
      child.kill('SIGKILL');
      // One that the kernel does not let go is not waited for.
      child.unref();
      child.stderr.destroy();
      resolve({ works: false, reason: `a guest of 512 bytes did not end within ${limitMs / 1000} s` });
    }, limitMs);
    const end = (answer: KvmAnswer): void => {
      clearTimeout(late);
      resolve(answer);
    };
    child.once('error', (e) => end({ works: false, reason: messageOf(e) }));
    child.once('close', (code) => {
      const reason = Buffer.concat(said).toString().trim().split('\n').at(-1) ?? '';
      end(code === EXIT_CODE ? { works: true } : { works: false, reason: reason === '' ? `QEMU ended with ${code}` : reason });
    });
  });
}
