import { applyParams, type ParamMachine } from '../kernel/param-apply.ts';
import type { Machine, Platform } from './machine.ts';
import type { RememberedParam } from './restart-memory.ts';

/** A kernel parameter (sysctl(8)) that a node sets. */
export interface KernelParameter {
  /** Such as `proc.sys.net.ipv4.ip_forward`. */
  readonly id: string;
  readonly value: string;
}

/**
 * What every node sets in its own network. With promote_secondaries the other addresses of a subnet stay when its primary one is
 * deleted (ip-sysctl.rst): what nobody asked us to touch is not lost with what was.
 */
const EVERYWHERE: Readonly<Record<string, string>> = {
  'net/ipv4/conf/all/promote_secondaries': '1',
  'net/ipv4/conf/default/promote_secondaries': '1',
};

/** What only the owner of the kernel may set: first what the Kernel Self-Protection Project recommends, then what running containers needs. */
const OWN_KERNEL: Readonly<Record<string, string>> = {
  'dev/tty/ldisc_autoload': '0',
  'dev/tty/legacy_tiocsti': '0',
  'fs/protected_hardlinks': '1',
  'fs/protected_symlinks': '1',
  'fs/protected_fifos': '2',
  'fs/protected_regular': '2',
  'fs/suid_dumpable': '0',
  'kernel/kptr_restrict': '2',
  'kernel/dmesg_restrict': '1',
  'kernel/perf_event_paranoid': '3',
  'kernel/randomize_va_space': '2',
  'kernel/yama/ptrace_scope': '2',
  'kernel/unprivileged_bpf_disabled': '1',
  'net/core/bpf_jit_harden': '2',
  'user/max_user_namespaces': '0',
  'vm/unprivileged_userfaultfd': '0',
  'kernel/ctrl-alt-del': '0',
  'kernel/panic': '10',
  'kernel/pid_max': '262144',
  'vm/overcommit_memory': '1',
  'fs/inotify/max_user_instances': '8192',
  'fs/aio-max-nr': '1048576',
  'net/ipv4/ip_forward': '1',
  'net/ipv4/icmp_echo_ignore_broadcasts': '1',
  'net/ipv4/icmp_ignore_bogus_error_responses': '1',
  'net/ipv4/conf/all/send_redirects': '0',
  'net/ipv4/conf/default/send_redirects': '0',
  'net/ipv4/ip_local_reserved_ports': '50000,50001',
  'net/ipv4/tcp_keepalive_time': '600',
  'net/ipv4/tcp_keepalive_intvl': '60',
  'net/ipv6/conf/all/forwarding': '1',
  'net/ipv6/conf/default/forwarding': '1',
  'net/ipv6/conf/all/accept_ra': '2',
  'net/ipv6/conf/default/accept_ra': '2',
};

/** The kernel parameters that a node sets unless its configuration says something else; a node in a container has a kernel that is not its own. Pure. */
export function kernelParameters(platform: Platform): readonly KernelParameter[] {
  const wanted = platform === 'metal' ? { ...EVERYWHERE, ...OWN_KERNEL } : EVERYWHERE;
  return Object.entries(wanted).map(([name, value]) => ({ id: `proc.sys.${name.replaceAll('/', '.')}`, value }));
}

/**
 * Sets those that were not set in this boot, before there is a configuration; one that this kernel does not let us set is logged and
 * left, and one that it does not have is not missed.
 */
export async function setKernelParameters(machine: ParamMachine & Pick<Machine, 'platform'>): Promise<void> {
  const { log, memory, platform } = machine;
  const known = memory.value.params;
  const fresh = kernelParameters(platform).filter(({ id }) => known[id] === undefined);
  const failures = await applyParams(machine, new Map([...Object.entries(writtenOf(known)), ...fresh.map(pairOf)]));
  for (const [param, err] of failures) log.warn({ param, err }, 'kernel parameter could not be set');
}

/** What was set before stays as it was set: the configuration decides about it, and is not known yet. */
function writtenOf(known: Readonly<Record<string, RememberedParam>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(known).map(([id, { initial, written }]) => [id, written ?? initial]));
}

function pairOf({ id, value }: KernelParameter): readonly [string, string] {
  return [id, value];
}
