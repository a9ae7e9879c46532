import { Fault } from '@minos/base';
import type { Capability } from '../../port/supervisor.ts';

/** Kernel names in the order of their numbers (linux/capability.h). */
const NAMES = [
  'CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE NET_BROADCAST',
  'NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN SYS_BOOT SYS_NICE',
  'SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE MAC_ADMIN SYSLOG WAKE_ALARM',
  'BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE',
].flatMap((line) => line.split(' '));

/** The set as the kernel counts it, bit n for capability n; throws `invalid` on a name that is none. */
export function capabilityMask(capabilities: readonly Capability[]): bigint {
  let mask = 0n;
  for (const name of capabilities) {
    const bit = NAMES.indexOf(name);
    if (bit < 0) throw new Fault('invalid', 'there is no such capability', { capability: name });
    mask |= 1n << BigInt(bit);
  }
  return mask;
}
