import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandProblems, minosctlWords } from './docs-commands.ts';
import { pathProblems } from './docs-paths.ts';
import { simulationArguments, simulationProblem } from './docs-run.ts';
import { type MarkdownItem, readMarkdown } from './markdown.ts';
import { toolProblems } from './tool-problems.ts';

/** The files of the checkout that are, or would be, in a commit. */
export function checkedInFiles(checkout: string): Promise<readonly string[]> {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard'];
  return new Promise((resolve, reject) => {
    execFile('git', args, { cwd: checkout, encoding: 'utf8', maxBuffer: 1 << 26 }, (error, stdout) => {
      if (error === null) resolve(stdout.split('\n').filter((f) => f !== ''));
      else reject(error);
    });
  });
}

/** The daemons whose README must show how to run them alone. */
const DAEMONS = ['machined', 'apid', 'trustd', 'networkd'];

/** Everything that the pages promise and the checkout does not keep; runs each daemon alone as its page says. */
export async function docsProblems(checkout: string): Promise<string[]> {
  const manifest = JSON.parse(await readFile(join(checkout, 'package.json'), 'utf8'));
  const scripts = new Set<string>(Object.keys(manifest.scripts));
  const targets = new Set(['build', 'check', 'test', 'bundle', 'image', 'init', 'holder']);
  const problems: string[] = [];
  const all: MarkdownItem[] = [];
  for (const page of (await checkedInFiles(checkout)).filter((f) => f.endsWith('.md'))) {
    const text = await readFile(join(checkout, page), 'utf8').catch(() => undefined);
    if (text === undefined) continue;
    const markdown = readMarkdown(text);
    problems.push(...(await pathProblems(checkout, page, markdown)));
    problems.push(...(await commandProblems(page, markdown.commands, { checkout, scripts, targets })));
    all.push(...markdown.commands.map((c) => ({ ...c, text: c.text })));
  }
  problems.push(...(await runProblems(checkout, all)), ...(await minosctlProblems(checkout, all)));
  return problems;
}

async function runProblems(checkout: string, commands: readonly MarkdownItem[]): Promise<string[]> {
  const runs = new Map<string, readonly string[]>();
  for (const { text } of commands) {
    const args = simulationArguments(text);
    if (args !== undefined) runs.set(text, args);
  }
  const problems = DAEMONS.filter((d) => ![...runs.keys()].some((c) => c.includes(`apps/${d}/`))).map(
    (d) => `apps/${d}/README.md: show how to run it alone: npx node apps/${d}/src/main.ts --simulate <fixture>`,
  );
  for (const [command, args] of runs) {
    const wrong = await simulationProblem(checkout, args);
    if (wrong !== undefined) problems.push(`\`${command}\` ${wrong}`);
  }
  return problems;
}

async function minosctlProblems(checkout: string, commands: readonly MarkdownItem[]): Promise<string[]> {
  const asked = new Set(commands.flatMap(({ text }) => minosctlWords(text)?.slice(0, 2).join(' ') ?? []).filter((w) => w !== ''));
  const problems: string[] = [];
  for (const words of asked) {
    const args = ['apps/minosctl/src/main.ts', ...words.split(' '), '--help'];
    problems.push(...(await toolProblems(checkout, `minosctl ${words} --help fails, and a page names it`, args)));
  }
  return problems;
}
