import { run } from './run-command.ts';

/** The commit that a checkout is at. */
export interface Commit {
  /** Short name; `-dirty` behind it when a tracked file differs; `unknown` without git. */
  readonly name: string;
  /** When it was made, RFC 3339 in UTC; `unknown` without git. */
  readonly time: string;
}

/** Finds it out; never throws: an unpacked archive is built as well. */
export async function commitOf(root: string): Promise<Commit> {
  const git = (...args: string[]): Promise<string> => run('git', args, root);
  try {
    const [hash, seconds] = (await git('log', '-1', '--format=%h %ct', '--abbrev=10')).trim().split(' ');
    const changed = await git('status', '--porcelain', '--untracked-files=no');
    const time = new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
    return { name: `${hash}${changed.trim() === '' ? '' : '-dirty'}`, time };
  } catch {
    return { name: 'unknown', time: 'unknown' };
  }
}

/** What the bundler replaces in libs/base/src/release.ts; pure. */
export function releaseDefines({ name, time }: Commit): { readonly [name: string]: string } {
  return { MINOS_COMMIT: JSON.stringify(name), MINOS_COMMITTED: JSON.stringify(time) };
}
