import { type Parsed, type Problem, parsed } from '@minos/base';
import { isYamlMap, listAt, textAt, type YamlValue } from '@minos/config';

/** A Debian package of the image, in exactly these bytes. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  readonly sha256: string;
  /** The package of the archive that depends on the newest one of this kind, for one whose name has its version in it: the kernel. */
  readonly follows?: string;
}

const FORMS = {
  name: /^[a-z0-9][a-z0-9+.-]+$/,
  version: /^[\w.+~:-]+$/,
  architecture: /^[a-z0-9]+$/,
  sha256: /^[0-9a-f]{64}$/,
  follows: /^[a-z0-9][a-z0-9+.-]+$/,
} as const;

/** Parses rootfs/packages.lock.yaml, or names each line that does not fit. `names` is enough of it to move the lock: a new line needs no more. */
export function parsePackagesLock(raw: YamlValue, part: 'whole' | 'names' = 'whole'): Parsed<readonly LockedPackage[]> {
  const problems: Problem[] = [];
  const packages = listAt(raw, 'packages').map((row, i) => {
    const field = (key: keyof typeof FORMS): string => {
      const text = textAt(row, key) ?? '';
      if (text === '' && part === 'names' && key !== 'name') return '';
      if (!FORMS[key].test(text)) problems.push({ path: `packages[${i}].${key}`, expected: `to fit ${String(FORMS[key])}` });
      return text;
    };
    const follows = isYamlMap(row) && row['follows'] !== undefined ? { follows: field('follows') } : {};
    const locked = {
      name: field('name'),
      version: field('version'),
      architecture: field('architecture'),
      sha256: field('sha256'),
    };
    return { ...locked, ...follows };
  });
  const names = packages.map((p) => p.name);
  for (const name of names.filter((n, i) => names.indexOf(n) !== i)) problems.push({ path: name, expected: 'to be named once' });
  if (packages.length === 0) problems.push({ path: 'packages', expected: 'a list of packages' });
  return problems.length > 0 ? { ok: false, problems } : parsed(packages);
}

const HEADER = `# The Debian packages whose files are in an image, the kernel among them, each in exactly these bytes. They are unpacked, never
# installed. \`node tools/build/packages.ts --move-lock\` takes the newest of the archive and says what changed.
packages:
`;

/** The text of a lock, sorted by name, one package a line; pure. */
export function printPackagesLock(packages: readonly LockedPackage[]): string {
  const rows = [...packages]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ name, version, architecture, sha256, follows }) => {
      const end = follows === undefined ? '' : `, follows: ${follows}`;
      return `  - { name: ${name}, version: '${version}', architecture: ${architecture}, sha256: '${sha256}'${end} }\n`;
    });
  return HEADER + rows.join('');
}

/** What is different between two locks, one line a package, as old → new; pure. */
export function lockChanges(old: readonly LockedPackage[], now: readonly LockedPackage[]): readonly string[] {
  const before = new Map(old.map((p) => [p.follows ?? p.name, p]));
  return now.flatMap((p) => {
    const was = before.get(p.follows ?? p.name);
    if (was === undefined || was.version === '') return [`${p.name}: nothing → ${p.version}`];
    if (was.sha256 === p.sha256) return [];
    return [
      was.name === p.name ? `${p.name}: ${was.version} → ${p.version}` : `${was.name} ${was.version} → ${p.name} ${p.version}`,
    ];
  });
}
