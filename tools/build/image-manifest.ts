import { type Parsed, type Problem, parsed } from '@minos/base';

/** Where the bytes of an entry come from; `from` is a path below that place. */
export type ImageSource =
  | { readonly kind: 'directory' }
  | { readonly kind: 'link'; readonly target: string }
  /** `rootfs/tree/<from>` */
  | { readonly kind: 'tree'; readonly from: string }
  /** `node_modules/<from>` */
  | { readonly kind: 'npm'; readonly from: string }
  /** `dist/<from>` */
  | { readonly kind: 'build'; readonly from: string }
  /** `<name>/<path>`: a file of a Debian package that rootfs/packages.lock.yaml names. */
  | { readonly kind: 'package'; readonly from: string }
  /** Another name of the file that is at this path of the image. */
  | { readonly kind: 'hardlink'; readonly target: string }
  /** Made while the image is built, by the maker of that name in image-makers.ts. */
  | { readonly kind: 'made'; readonly from: string };

/** One thing in the image. */
export interface ImageEntry {
  readonly path: string;
  readonly source: ImageSource;
  readonly mode: string;
  readonly uid: number;
  readonly gid: number;
  readonly strip: boolean;
}

const KINDS = ['tree', 'npm', 'build', 'package', 'made'] as const;
const KEYS = new Set(['path', 'source', 'mode', 'owner', 'strip', 'files']);
const NAME = /^[\w@.+-]+$/;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function parseSource(text: unknown): ImageSource | undefined {
  if (text === 'directory') return { kind: 'directory' };
  if (typeof text !== 'string') return undefined;
  const [, word, from] = /^([a-z]+):([\w@./+-]+)$/.exec(text) ?? [];
  if (from === undefined || from.split('/').includes('..')) return undefined;
  if (word === 'link' || word === 'hardlink') return { kind: word, target: from };
  const kind = KINDS.find((k) => k === word);
  return kind === undefined ? undefined : { kind, from };
}

function parseEntry(raw: unknown, path: string): Parsed<readonly ImageEntry[]> {
  if (!isRecord(raw)) return { ok: false, problems: [{ path, expected: 'a mapping with path, source, mode and owner' }] };
  const problems: Problem[] = [];
  const wrong = (key: string, expected: string): void => {
    problems.push({ path: `${path}.${key}`, expected, found: JSON.stringify(raw[key]) ?? 'nothing' });
  };
  for (const key of Object.keys(raw)) if (!KEYS.has(key)) wrong(key, 'no such key');
  const source = parseSource(raw['source']);
  const file = raw['path'];
  const mode = raw['mode'];
  const owner = typeof raw['owner'] === 'string' ? /^(\d+):(\d+)$/.exec(raw['owner']) : null;
  const isPath = typeof file === 'string' && /^(\/[\w@.+-]+)+$/.test(file);
  if (!isPath) wrong('path', 'an absolute path');
  if (source === undefined) wrong('source', 'directory, or link:, hardlink:, tree:, npm:, build:, package: or made: with a path');
  if (typeof mode !== 'string' || !/^[0-7]{4}$/.test(mode)) wrong('mode', "four octal digits in quotes, such as '0755'");
  if (owner === null) wrong('owner', "two numbers in quotes, such as '0:0'");
  if (raw['strip'] !== undefined && typeof raw['strip'] !== 'boolean') wrong('strip', 'true or false');
  const files = raw['files'];
  const areNames = Array.isArray(files) && files.every((f) => typeof f === 'string' && NAME.test(f));
  if (files !== undefined && !areNames) wrong('files', 'a list of the names of files');
  if (problems.length > 0 || source === undefined || owner === null || !isPath) return { ok: false, problems };
  const strip = raw['strip'] === true;
  const entry = { path: file, source, mode: String(mode), uid: Number(owner[1]), gid: Number(owner[2]), strip };
  return parsed(areNames ? files.map((name: string) => inside(entry, name)) : [entry]);
}

/** The entry of one file of an entry that names several: below its path, from the file of that name, or a link to the same target. */
function inside(entry: ImageEntry, name: string): ImageEntry {
  const { source } = entry;
  return {
    ...entry,
    path: `${entry.path}/${name}`,
    source: 'from' in source ? { ...source, from: `${source.from}/${name}` } : source,
  };
}

/** Problems between entries: a path named twice, or a directory that is needed and not named. */
function problemsBetween(entries: readonly ImageEntry[]): Problem[] {
  const directories = new Set(entries.filter((e) => e.source.kind === 'directory').map((e) => e.path));
  const seen = new Set<string>();
  const problems: Problem[] = [];
  for (const { path } of entries) {
    if (seen.has(path)) problems.push({ path, expected: 'to be named once' });
    seen.add(path);
    const parent = path.slice(0, path.lastIndexOf('/'));
    if (parent !== '' && !directories.has(parent)) problems.push({ path, expected: `its directory ${parent} to be named too` });
  }
  const files = new Set(entries.filter((e) => 'from' in e.source).map((e) => e.path));
  for (const { path, source } of entries) {
    if (source.kind === 'hardlink' && !files.has(source.target)) {
      problems.push({ path, expected: `a file of the image to be another name of, not ${source.target}` });
    }
  }
  return problems;
}

/** Turns the value of rootfs/image.yaml into entries, or says everything that is wrong with it; pure. */
export function parseImageManifest(value: unknown): Parsed<readonly ImageEntry[]> {
  if (!isRecord(value) || !Array.isArray(value['entries']) || Object.keys(value).length !== 1) {
    return { ok: false, problems: [{ path: '', expected: 'one key, `entries`, with a list' }] };
  }
  const results = value['entries'].map((raw, i) => parseEntry(raw, `entries[${i}]`));
  const entries = results.flatMap((r) => (r.ok ? r.value : []));
  const problems = [...results.flatMap((r) => (r.ok ? [] : r.problems)), ...problemsBetween(entries)];
  return problems.length > 0 ? { ok: false, problems } : parsed(entries);
}
