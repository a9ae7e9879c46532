import { appendFile, mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';

/** Puts a measured number on record, with its unit in its name (`bootS`, `usedMb`); it is shown, and kept with the results of the run. */
export async function noteFigure(name: string, value: number): Promise<void> {
  process.stdout.write(`${name}: ${value}\n`);
  // Where they wait for the results of the run: tools/test/vm-results-reporter.mjs takes them.
  const file = process.env['MINOS_FIGURES'];
  if (file === undefined) return;
  await mkdir(dirname(file), { recursive: true });
  await appendFile(file, `${JSON.stringify({ name, value })}\n`);
}
