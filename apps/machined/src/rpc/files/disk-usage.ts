import type { DiskUsageInfo, DiskUsageRequest } from '@minos/api/machine';
import type { Files } from '@minos/host';
import { machinePath } from './machine-path.ts';
import { type WalkedFile, walk } from './walk.ts';

/** Says that it is as large as the address space. */
const KERNEL_MEMORY = '/proc/kcore';

/** Answers DiskUsage: the sizes that files say they have, a directory with all that is below it, told after that. */
export async function* diskUsage(
  files: Files,
  request: DiskUsageRequest,
  signal: AbortSignal,
): AsyncGenerator<DiskUsageInfo, void, undefined> {
  const roots = request.paths.length === 0 ? ['/'] : request.paths.map((path) => machinePath(path === '' ? '/' : path));
  for (const root of roots) yield* usageBelow({ files, root, request }, signal);
}

interface Below {
  readonly files: Files;
  readonly root: string;
  readonly request: DiskUsageRequest;
}

interface OpenDirectory {
  readonly found: WalkedFile;
  size: bigint;
}

async function* usageBelow({ files, root, request }: Below, signal: AbortSignal): AsyncGenerator<DiskUsageInfo, void, undefined> {
  const open: OpenDirectory[] = [];
  const close = function* (depth: number): Generator<DiskUsageInfo, void, undefined> {
    for (let last = open.at(-1); last !== undefined && last.found.depth >= depth; last = open.at(-1)) {
      open.pop();
      const parent = open.at(-1);
      if (parent !== undefined) parent.size += last.size;
      if (isReported(request, { ...last, isDirectory: true })) yield infoOf(last.found, last.size);
    }
  };
  for await (const found of walk({ files, root, maxDepth: Number.POSITIVE_INFINITY }, signal)) {
    if (found.stat === undefined) {
      yield infoOf(found, 0n);
      continue;
    }
    yield* close(found.depth);
    const size = found.path === KERNEL_MEMORY ? 0n : found.stat.sizeBytes;
    if (found.stat.type === 'directory') {
      open.push({ found, size });
      continue;
    }
    const parent = open.at(-1);
    if (parent !== undefined) parent.size += size;
    if (isReported(request, { found, size, isDirectory: false })) yield infoOf(found, size);
  }
  yield* close(0);
}

function isReported(request: DiskUsageRequest, of: { found: WalkedFile; size: bigint; isDirectory: boolean }): boolean {
  const isTooDeep = request.recursionDepth > 0 && of.found.depth > request.recursionDepth;
  const isSmall = request.threshold > 0n && of.size < request.threshold;
  const isLarge = request.threshold < 0n && of.size > -request.threshold;
  return !isTooDeep && (of.isDirectory || request.all) && !isSmall && !isLarge;
}

function infoOf({ path, relativePath, error }: WalkedFile, size: bigint): DiskUsageInfo {
  return { metadata: undefined, name: path, size, error: error ?? '', relativeName: relativePath };
}
