import { chmod, readFile, writeFile } from 'node:fs/promises';
import { run } from './run-command.ts';
import { isWantedIcuItem, trimIcu } from './trim-icu.ts';

/** Writes a Node without symbols and with the ICU data of English alone; what it has no data for, it does as in English. */
export async function writeSlimNode(from: string, to: string): Promise<void> {
  await run('strip', ['--strip-unneeded', '-o', to, from]);
  const bytes = await readFile(to);
  trimIcu(bytes, isWantedIcuItem);
  await writeFile(to, bytes);
  await chmod(to, 0o755);
}
