import { stat } from 'node:fs/promises';

/** What tells one image from another built in its place: inode, size and time. */
export async function imageStamp(path: string): Promise<string> {
  const { ino, size, mtimeMs } = await stat(path);
  return `${ino}-${size}-${Math.floor(mtimeMs)}`;
}
