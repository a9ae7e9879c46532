import { glob } from 'node:fs/promises';
import { dirname, join, normalize } from 'node:path';
import type { Markdown, MarkdownItem } from './markdown.ts';

const PLACES = /^(apps|libs|proto|rootfs|tools|e2e|\.ci|src)\//;
/** A bare name of source or page; other bare names may be files of a node. */
const FILES = /^[\w.-]+\.(md|ts|mjs|sh|c|h)$/;

/** The path that a piece of inline code names, as a glob; undefined when it names none. `<word>` stands for any name. */
export function pathIn(span: string): string | undefined {
  const text = span.replace(/:\d+$/, '');
  if (/[\s$={}()'"|,]/.test(text) || !(PLACES.test(text) || FILES.test(text))) return undefined;
  return text.replace(/<[\w-]+>/g, '*').replace(/\/$/, '');
}

async function isFound(checkout: string, pattern: string): Promise<boolean> {
  for await (const _ of glob(pattern, { cwd: checkout, exclude: (name) => name.endsWith('node_modules') })) return true;
  return false;
}

/** Where a path may be meant from: the page's folder, or the root of the checkout; a bare file name may be anywhere below the page. */
function places(page: string, path: string): string[] {
  const here = normalize(join(dirname(page), path));
  return path.includes('/') ? [here, path] : [here, path, normalize(join(dirname(page), '**', path))];
}

async function isThere(checkout: string, page: string, path: string): Promise<boolean> {
  for (const pattern of places(page, path)) if (await isFound(checkout, pattern)) return true;
  return false;
}

/** Every path and link of a page that leads nowhere, one line each. */
export async function pathProblems(checkout: string, page: string, { links, spans }: Markdown): Promise<string[]> {
  const named: MarkdownItem[] = [
    ...links.filter(({ text }) => !/^([a-z]+:|#)/.test(text)).map(({ text, line }) => ({ text: text.replace(/#.*$/, ''), line })),
    ...spans.flatMap(({ text, line }) => {
      const path = pathIn(text);
      return path === undefined ? [] : [{ text: path, line }];
    }),
  ];
  const problems: string[] = [];
  for (const { text, line } of named) {
    if (!(await isThere(checkout, page, text)))
      problems.push(`${page}:${line}: ${text} does not exist; mend the page or the path`);
  }
  return problems;
}
