import { type Parsed, parsed } from '@minos/base';
import { textAt, textsAt, type YamlValue } from '@minos/config';

/** The kernel package that rootfs/kernel.yaml names, and the modules that the initramfs is to have. */
export interface KernelLock {
  readonly package: string;
  readonly version: string;
  readonly sha256: string;
  readonly modules: readonly string[];
}

/** Parses rootfs/kernel.yaml. */
export function parseKernelLock(raw: YamlValue): Parsed<KernelLock> {
  const field = (key: string, form: RegExp): string => {
    const text = textAt(raw, key);
    return text !== undefined && form.test(text) ? text : '';
  };
  const lock = {
    package: field('package', /^linux-image-[\w.+-]+$/),
    version: field('version', /^[\w.+~:-]+$/),
    sha256: field('sha256', /^[0-9a-f]{64}$/),
    modules: textsAt(raw, 'modules'),
  };
  const missing = (['package', 'version', 'sha256', 'modules'] as const).filter((key) => lock[key].length === 0);
  if (missing.length === 0) return parsed(lock);
  return { ok: false, problems: missing.map((path) => ({ path, expected: 'a value of the right form' })) };
}

/** The text of rootfs/kernel.yaml with another package in its lock; pure. */
export function movedLock(text: string, to: Omit<KernelLock, 'modules'>): string {
  return text
    .replace(/^package: .*$/m, `package: ${to.package}`)
    .replace(/^version: .*$/m, `version: ${to.version}`)
    .replace(/^sha256: .*$/m, `sha256: ${to.sha256}`);
}
