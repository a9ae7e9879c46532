import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MakerContext } from './maker-context.ts';
import { fileOfPackage } from './package-program.ts';

const FOLDER = 'ca-certificates/usr/share/ca-certificates/mozilla';

/** Puts the certificates of the authorities that Debian ships into one file, in the order of their names. */
export async function makeCertificates({ packages, target }: MakerContext): Promise<void> {
  const folder = fileOfPackage(packages, FOLDER);
  const names = (await readdir(folder)).filter((name) => name.endsWith('.crt')).sort();
  const texts = await Promise.all(names.map((name) => readFile(join(folder, name), 'utf8')));
  await writeFile(target, texts.map((text) => `${text.trimEnd()}\n`).join(''));
}
