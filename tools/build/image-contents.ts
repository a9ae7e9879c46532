import { originOf } from './image-origin.ts';
import type { PlannedEntry } from './image-staging.ts';
import { sha256Of } from './package-archive.ts';
import type { UnpackedPackages } from './package-store.ts';

/** A line of the list of what is in an image. */
export interface ContentRow {
  readonly path: string;
  readonly type: 'directory' | 'file' | 'link';
  readonly mode: string;
  readonly owner: string;
  readonly origin: string;
  /** Of a file; another name of one has all of these again. */
  readonly size?: number;
  readonly sha256?: string;
  /** Of a symbolic link what it says, of another name of a file the first. */
  readonly target?: string;
}

/** Lists everything that is planned, in the order of its path; `contents` has the file of each. */
export async function listContents(
  plan: readonly PlannedEntry[],
  contents: ReadonlyMap<string, { readonly file: string; readonly size: number }>,
  packages: UnpackedPackages,
): Promise<readonly ContentRow[]> {
  const rows: ContentRow[] = [];
  const files = new Map<string, ContentRow>();
  for (const entry of plan.filter(({ source }) => source.kind !== 'hardlink')) {
    const { path, source, mode, uid, gid } = entry;
    const content = contents.get(path);
    const common = { path, mode, owner: `${uid}:${gid}`, origin: originOf(entry, packages).text };
    if (content !== undefined) {
      const row: ContentRow = { ...common, type: 'file', size: content.size, sha256: await sha256Of(content.file) };
      files.set(path, row);
      rows.push(row);
    } else
      rows.push(source.kind === 'link' ? { ...common, type: 'link', target: source.target } : { ...common, type: 'directory' });
  }
  for (const { path, source } of plan) {
    const first = source.kind === 'hardlink' ? files.get(source.target) : undefined;
    if (first !== undefined) rows.push({ ...first, path, target: first.path });
  }
  return rows.sort((a, b) => (a.path < b.path ? -1 : 1));
}
