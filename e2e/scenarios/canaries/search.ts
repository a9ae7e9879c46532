import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdDecompressSync } from 'node:zlib';
import { zipEntries } from '../../harness/zip-entries.ts';

const SHORTEST = 12;
const SECRET_LINE = /^\s*(?:- )?(?:key|token|secret|id|[a-z]*(?:Secret|secret|Token|token)): "?([^\s"]+)"?$/;

/** The secrets of a text of YAML, each in every form in which it could be told. */
export function secretsOf(yaml: string): ReadonlySet<string> {
  const found = new Set<string>();
  for (const line of yaml.split('\n')) {
    const value = SECRET_LINE.exec(line)?.[1] ?? '';
    if (value.length >= SHORTEST && !line.trim().startsWith('id:')) for (const form of formsOf(value)) found.add(form);
  }
  return found;
}

function formsOf(value: string): readonly string[] {
  const decoded = Buffer.from(value, 'base64').toString('latin1');
  if (!decoded.includes('PRIVATE KEY')) return [value];
  // A line in the middle of a key is in no certificate.
  return [value, ...decoded.split('\n').filter((line) => line.length >= 40 && !line.startsWith('-----'))];
}

/** Where the secrets are in something that was told, in which archives and compressed files are looked into. */
export function whereTold(name: string, bytes: Buffer, secrets: ReadonlySet<string>): readonly string[] {
  if (bytes.subarray(0, 4).toString('hex') === '504b0304')
    return [...zipEntries(bytes)].flatMap(([entry, content]) => whereTold(`${name}: ${entry}`, content, secrets));
  if (bytes.subarray(0, 4).toString('hex') === '28b52ffd')
    return whereTold(`${name} unpacked`, zstdDecompressSync(bytes), secrets);
  const text = bytes.toString('latin1');
  return [...secrets].filter((secret) => text.includes(secret)).map((secret) => `${name} has ${secret.slice(0, 6)}…`);
}

/** Every file below a folder. */
export async function filesBelow(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(await Promise.all(files.map(async (file) => [file, await readFile(file)] as const)));
}
