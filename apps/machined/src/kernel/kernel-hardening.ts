import { SecurityStateSpec } from '@minos/api/resource-specs';
import { Fault } from '@minos/base';
import { securityStateType } from '@minos/resource';
import { parseCommandLine } from '../metal/kernel-command-line.ts';
import { sayOnConsole } from '../metal/say-on-console.ts';
import type { Machine } from '../runtime/machine.ts';
import { readAttribute } from '../runtime/read-attribute.ts';

/** What the kernel says about how it protects itself. */
export interface KernelFacts {
  /** /proc/cmdline. */
  readonly commandLine: string;
  /** /sys/devices/system/cpu/vulnerabilities/meltdown. */
  readonly meltdown: string;
  /** /sys/module/module/parameters/sig_enforce. */
  readonly moduleSignatures: string;
}

/** What is found about a kernel. */
export interface KernelHardening {
  /** What is missing, with what to do, in sentences without an end. */
  readonly problems: readonly string[];
  readonly hasSignedModulesOnly: boolean;
  /** Whether a kernel with problems is refused: `minos.kspp=warn` on its command line says no. */
  readonly isEnforced: boolean;
}

/**
 * Looks at the kernel arguments that a node requires (kspp.github.io): caches are not merged, and page tables are isolated, for
 * which a processor that Meltdown does not affect needs no argument. Pure.
 */
export function kernelHardening({ commandLine, meltdown, moduleSignatures }: KernelFacts): KernelHardening {
  const words = new Map(parseCommandLine(commandLine));
  const hasIsolation = words.get('pti') === 'on' || meltdown === 'Not affected';
  return {
    problems: [
      ...(words.has('slab_nomerge') ? [] : ['the kernel argument slab_nomerge is missing']),
      ...(hasIsolation
        ? []
        : [`the kernel argument pti=on is missing, and the processor may need it (${meltdown || 'unknown'})`]),
    ],
    hasSignedModulesOnly: moduleSignatures === 'Y',
    isEnforced: words.get('minos.kspp') !== 'warn',
  };
}

/** Says on the console and in the SecurityState how the kernel protects itself; throws a Fault `precondition` where it lacks what is required. */
export async function enforceHardening({ host, state, log }: Pick<Machine, 'host' | 'state' | 'log'>): Promise<void> {
  const [commandLine, meltdown, moduleSignatures] = await Promise.all([
    readAttribute(host.files, '/proc/cmdline'),
    readAttribute(host.files, '/sys/devices/system/cpu/vulnerabilities/meltdown'),
    readAttribute(host.files, '/sys/module/module/parameters/sig_enforce'),
  ]);
  const { problems, hasSignedModulesOnly, isEnforced } = kernelHardening({ commandLine, meltdown, moduleSignatures });
  const security = SecurityStateSpec.fromPartial({ moduleSignatureEnforced: hasSignedModulesOnly });
  await state.as('runtime.SecurityStateController').put(securityStateType, 'securitystate', security);
  const modules = hasSignedModulesOnly ? 'signed modules only' : 'modules without a signature are taken';
  await sayOnConsole(host, `kernel hardening: ${problems.length === 0 ? 'as required' : problems.join('; ')}; ${modules}`);
  if (problems.length === 0) return;
  log.warn({ problems, isEnforced }, 'the kernel lacks hardening that is required');
  if (!isEnforced) return;
  const text = `${problems.join('; ')}; add it to the kernel command line, or minos.kspp=warn to start all the same`;
  throw new Fault('precondition', text);
}
