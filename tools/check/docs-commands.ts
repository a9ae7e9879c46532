import { access } from 'node:fs/promises';
import { join } from 'node:path';
import type { MarkdownItem } from './markdown.ts';

/** What a command of a page may refer to. */
export interface CommandPlaces {
  readonly checkout: string;
  /** Names of the scripts in the root package.json. */
  readonly scripts: ReadonlySet<string>;
  /** Targets that a project has. */
  readonly targets: ReadonlySet<string>;
}

async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}

/** What a command needs to work and does not have, as a sentence; undefined when nothing is known to be wrong. */
export async function commandProblem(command: string, places: CommandPlaces): Promise<string | undefined> {
  const words = command.split(/\s+/).filter((w) => !/^[A-Z_]+=/.test(w));
  const [program = '', first = '', second = ''] = words[0] === 'sudo' ? words.slice(1) : words;
  if (program === 'npm' && first === 'run' && !places.scripts.has(second)) return `package.json has no script ${second}`;
  if (program === 'npm' && first === 'test' && !places.scripts.has('test')) return 'package.json has no script test';
  if (program === 'npx') return npxProblem(words.slice(words.indexOf('npx') + 1), places);
  if ((program === 'node' || program === 'sh') && /\.(ts|mjs|js|sh)$/.test(first)) return fileProblem(first, places.checkout);
  return undefined;
}

async function npxProblem(words: readonly string[], places: CommandPlaces): Promise<string | undefined> {
  const [bin = '', ...rest] = words.filter((w) => w !== '--yes');
  if (!(await isThere(join(places.checkout, 'node_modules/.bin', bin)))) return `npx finds no ${bin} in the workspace`;
  if (bin === 'node') {
    const file = rest.find((w) => /\.(ts|mjs|js)$/.test(w));
    return file === undefined ? undefined : fileProblem(file, places.checkout);
  }
  const at = rest.findIndex((w) => w === '-t' || w === '--target');
  const target = rest[at + 1];
  if (bin === 'nx' && at >= 0 && target !== undefined && !places.targets.has(target))
    return `no project has the target ${target}`;
  return undefined;
}

async function fileProblem(file: string, checkout: string): Promise<string | undefined> {
  if (file.includes('<')) return undefined;
  return (await isThere(join(checkout, file))) ? undefined : `${file} does not exist`;
}

/** The words of `npx minosctl …` up to the first flag or argument, for asking whether the command exists. */
export function minosctlWords(command: string): readonly string[] | undefined {
  const found = /^(?:sudo )?npx minosctl(?:\s+(?:-\S+\s+[\d.,:a-z-]+\s+)*)?(.*)$/.exec(command);
  if (found === null) return undefined;
  const words = (found[1] ?? '').split(/\s+/);
  const end = words.findIndex((w) => !/^[a-z][a-z-]*$/.test(w));
  return end < 0 ? words : words.slice(0, end);
}

/** Every command of a page that cannot work, one line each. */
export async function commandProblems(page: string, commands: readonly MarkdownItem[], places: CommandPlaces): Promise<string[]> {
  const problems: string[] = [];
  for (const { text, line } of commands) {
    const wrong = await commandProblem(text, places);
    if (wrong !== undefined) problems.push(`${page}:${line}: \`${text}\` cannot work: ${wrong}`);
  }
  return problems;
}
