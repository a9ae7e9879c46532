import { constants } from 'node:fs';
import { access } from 'node:fs/promises';
import { join } from 'node:path';

/** Whether a program of this name can be started. */
export async function isOnPath(program: string): Promise<boolean> {
  for (const folder of (process.env['PATH'] ?? '').split(':')) {
    try {
      await access(join(folder, program), constants.X_OK);
      return true;
    } catch {
      // It is not in this one.
    }
  }
  return false;
}
