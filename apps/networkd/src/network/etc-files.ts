import { hasCode, isFault } from '@minos/base';
import type { Files } from '@minos/host';

const FILES = ['/system/etc/hosts', '/system/etc/resolv.conf', '/system/etc/hostname'] as const;

/** Whether machined has written the files that it derives from what networkd reports. */
export async function etcFilesReady(files: Files, runDir: string): Promise<boolean> {
  const found = await Promise.all(FILES.map((path) => isWritten(files, `${runDir}${path}`)));
  return found.every(Boolean);
}

async function isWritten(files: Files, path: string): Promise<boolean> {
  try {
    return (await files.stat(path)).sizeBytes > 0n;
  } catch (e) {
    if (hasCode(e, 'ENOENT') || hasCode(e, 'ENOTDIR') || hasCode(e, 'EACCES') || isFault(e)) return false;
    throw e;
  }
}
