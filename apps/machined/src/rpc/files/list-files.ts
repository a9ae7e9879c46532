import { type FileInfo, type ListRequest, ListRequest_Type } from '@minos/api/machine';
import type { Files, FileType } from '@minos/host';
import { goFileMode } from './go-file-mode.ts';
import { machinePath } from './machine-path.ts';
import { type WalkedFile, walk } from './walk.ts';

const TYPES: Readonly<Record<ListRequest_Type, FileType>> = {
  [ListRequest_Type.REGULAR]: 'file',
  [ListRequest_Type.DIRECTORY]: 'directory',
  [ListRequest_Type.SYMLINK]: 'symlink',
};

/** Answers List: the directory itself first, then what is in it, as deep as asked. */
export async function* listFiles(
  files: Files,
  request: ListRequest,
  signal: AbortSignal,
): AsyncGenerator<FileInfo, void, undefined> {
  const root = request.root === '' ? '/' : machinePath(request.root);
  const wanted = new Set(request.types.map((type) => TYPES[type]));
  for await (const found of walk({ files, root, maxDepth: maxDepthOf(request) }, signal)) {
    if (found.stat !== undefined && wanted.size > 0 && !wanted.has(found.stat.type)) continue;
    yield await infoOf(files, found, request.reportXattrs);
  }
}

function maxDepthOf(request: ListRequest): number {
  if (!request.recurse) return 1;
  return request.recursionDepth > 0 ? request.recursionDepth : Number.POSITIVE_INFINITY;
}

async function infoOf(files: Files, { path, relativePath, stat, error }: WalkedFile, withAttributes: boolean): Promise<FileInfo> {
  const isLink = stat?.type === 'symlink';
  return {
    metadata: undefined,
    name: path,
    size: stat?.sizeBytes ?? 0n,
    mode: stat === undefined ? 0 : goFileMode(stat),
    modified: BigInt(Math.floor((stat?.modifiedMs ?? 0) / 1000)),
    isDir: stat?.type === 'directory',
    error: error ?? '',
    link: isLink ? await files.readLink(path).catch(() => '') : '',
    relativeName: relativePath,
    uid: stat?.uid ?? 0,
    gid: stat?.gid ?? 0,
    xattrs: withAttributes && stat !== undefined ? await attributesOf(files, path) : [],
  };
}

async function attributesOf(files: Files, path: string): Promise<FileInfo['xattrs']> {
  const attributes = await files.attributes(path).catch(() => new Map<string, Buffer>());
  return [...attributes].map(([name, data]) => ({ name, data }));
}
