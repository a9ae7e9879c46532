import type { ContentRow } from './image-contents.ts';

/** A line of `unsquashfs -lln`: what is really in an image. */
export interface ListedRow {
  /** As ls writes it: `-rwxr-xr-x`. */
  readonly mode: string;
  readonly owner: string;
  readonly size: number;
  readonly path: string;
  readonly target: string | undefined;
}

/** The most programs that may be in the folders of programs; other names of one do not count. */
export const PROGRAMS_MAX = 12;

const PROGRAM_FOLDER = /^\/(usr\/)?s?bin\/[^/]+$/;
const INTERPRETER = /\/(a|ba|c|da|fi|k|mk|tc|z)?sh$|\/(busybox|toybox|perl|python|ruby|lua|awk|gawk|mawk|tclsh)[\d.]*$/;

/** Reads the listing of an image. */
export function parseListing(text: string): readonly ListedRow[] {
  return text.split('\n').flatMap((line) => {
    const [, mode, owner, size, rest] = /^(\S{10})\s+(\d+\/\d+)\s+(\d+) \S+ \S+ squashfs-root(\/.*)$/.exec(line) ?? [];
    if (mode === undefined || owner === undefined || rest === undefined) return [];
    const [path = '', target] = mode.startsWith('l') ? rest.split(' -> ') : [rest];
    return [{ mode, owner: owner.replace('/', ':'), size: Number(size), path, target }];
  });
}

/** What an image must not be: not as listed for it, with a file of special rights, with one that others may write, with a script or an interpreter, with too many programs; pure. `scripts` are the paths of files that begin with `#!`. */
export function auditProblems(
  listed: readonly ListedRow[],
  wanted: readonly ContentRow[],
  scripts: readonly string[],
): readonly string[] {
  const programs = programsOf(wanted);
  return [
    ...listed.flatMap(rightsProblems),
    ...differences(listed, wanted),
    ...listed.filter(({ path }) => INTERPRETER.test(path)).map(({ path }) => `${path} is an interpreter`),
    ...scripts.map((path) => `${path} is a script`),
    ...(programs.length > PROGRAMS_MAX
      ? [`${programs.length} programs, and ${PROGRAMS_MAX} are allowed: ${programs.join(' ')}`]
      : []),
  ];
}

/** The programs of an image, one name of each, in order; pure. */
export function programsOf(rows: readonly ContentRow[]): readonly string[] {
  const names = new Map<string, string>();
  for (const { path, type, sha256 } of rows) {
    if (type === 'file' && sha256 !== undefined && PROGRAM_FOLDER.test(path) && !names.has(sha256)) names.set(sha256, path);
  }
  return [...names.values()].sort();
}

function rightsProblems({ mode, path }: ListedRow): readonly string[] {
  const problems: string[] = [];
  if (!'-dl'.includes(mode[0] ?? '')) problems.push(`${path} is neither a file, a directory nor a link: ${mode}`);
  if (/[sS]/.test(mode.slice(1, 7))) problems.push(`${path} has the set-uid or set-gid bit: ${mode}`);
  const isPublicFolder = mode.startsWith('d') && mode.endsWith('t');
  if (!mode.startsWith('l') && !isPublicFolder && (mode[5] === 'w' || mode[8] === 'w'))
    problems.push(`${path} may be written by others: ${mode}`);
  return problems;
}

function differences(listed: readonly ListedRow[], wanted: readonly ContentRow[]): readonly string[] {
  const found = new Map(listed.map((row) => [row.path, row]));
  const names = new Set(wanted.map(({ path }) => path));
  return [
    ...listed.filter(({ path }) => !names.has(path)).map(({ path }) => `${path} is in the image, and nothing names it`),
    ...wanted.flatMap((row) => {
      const is = found.get(row.path);
      if (is === undefined) return [`${row.path} is not in the image`];
      const isSame =
        octal(is.mode) === row.mode &&
        is.owner === row.owner &&
        (row.size === undefined || row.size === is.size) &&
        (row.type !== 'link' || row.target === is.target);
      return isSame ? [] : [`${row.path} is not as it is to be: ${is.mode} ${is.owner} ${is.size} ${is.target ?? ''}`.trim()];
    }),
  ];
}

/** The octal digits of what ls writes. */
function octal(mode: string): string {
  const special = [3, 6, 9].map((at) => /[sStT]/.test(mode[at] ?? ''));
  const digits = [1, 4, 7].map((at) => [...mode.slice(at, at + 3)].reduce((n, c, i) => n + (/[rwxst]/.test(c) ? 4 >> i : 0), 0));
  const first = special.reduce((n, is, i) => n + (is ? 4 >> i : 0), 0);
  return `${first}${digits.join('')}`;
}
