import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What may be at the top level, besides dot files. */
const TOP_LEVEL = new Set([
  ...['apps', 'libs', 'proto', 'rootfs', 'tools', 'e2e'],
  ...['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'LICENSE'],
  ...['package.json', 'package-lock.json', 'nx.json', 'tsconfig.base.json'],
  // Their tools look for them here.
  ...['biome.json', 'jest.config.mjs'],
]);
const REQUIRED = ['README.md', 'ARCHITECTURE.md', 'CONTRIBUTING.md', 'LICENSE', '.ci/run'];
const VAGUE = /(^|\/)((utils?|helpers?|common|misc)(\/|\.ts$)|types\.ts$)/;
const INIT_LINES = 900;

/** What is wrong with the names of the tree; pure. */
export function nameProblems(files: readonly string[]): string[] {
  const tops = new Set(files.map((f) => f.split('/')[0] ?? ''));
  const stray = [...tops].filter((name) => !name.startsWith('.') && !TOP_LEVEL.has(name));
  const vague = files.filter((f) => f.endsWith('.ts') && VAGUE.test(f) && !f.includes('/gen/'));
  return [
    ...stray.map((name) => `${name}: is not one of the things that may be at the top level; move it to where it belongs`),
    ...REQUIRED.filter((name) => !files.includes(name)).map((name) => `${name}: is missing`),
    ...vague.map((name) => `${name}: says nothing; name the file for the one thing that it exports`),
  ];
}

/** Whether PID 1 has stayed small. */
export async function initProblems(checkout: string, files: readonly string[]): Promise<string[]> {
  const sources = files.filter((f) => /^rootfs\/init\/[^/]+\.[ch]$/.test(f));
  const texts = await Promise.all(sources.map((f) => readFile(join(checkout, f), 'utf8').catch(() => '')));
  const lines = texts.reduce((sum, text) => sum + text.split('\n').length - 1, 0);
  return lines > INIT_LINES ? [`rootfs/init: has ${lines} lines, and may have ${INIT_LINES}`] : [];
}
