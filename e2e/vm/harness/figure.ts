import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Where figures wait for the results of the run; tools/test/vm-results-reporter.mjs takes them. */
const FILE = join(resolve(import.meta.dirname, '../../..'), 'dist/test/vm-figures.jsonl');

/** Puts a measured number on record, with its unit in its name (`bootS`, `usedMb`); it is shown, and kept with the results of the run. */
export async function noteFigure(name: string, value: number): Promise<void> {
  process.stdout.write(`${name}: ${value}\n`);
  await mkdir(dirname(FILE), { recursive: true });
  await appendFile(FILE, `${JSON.stringify({ name, value })}\n`);
}
