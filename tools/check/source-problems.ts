import { glob, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { importCycles, importProblems, isTestCode, type SourceFile } from './import-rules.ts';
import { readImports, readModuleVariables } from './read-imports.ts';
import { readProjects } from './workspace-projects.ts';

/** TypeScript files of a project that people write, from the root of the checkout, in order. */
export async function sourceFiles(checkout: string, projectRoot: string): Promise<readonly string[]> {
  const files: string[] = [];
  const exclude = (name: string): boolean => /(^|\/)(node_modules|gen|dist)$/.test(name) && !name.startsWith('tools');
  for await (const file of glob(`${projectRoot}/**/*.{ts,mts}`, { cwd: checkout, exclude })) files.push(file);
  return files.filter((f) => !f.includes('/node_modules/') && !f.includes('/src/gen/') && !f.endsWith('.d.ts')).sort();
}

/** Everything that is wrong with the imports and the module-level state of a project. */
export async function sourceProblems(checkout: string, projectRoot: string): Promise<readonly string[]> {
  const projects = await readProjects(checkout);
  const from = projects.find((p) => p.root === projectRoot);
  if (from === undefined) return [`${projectRoot}: has no package.json in the workspace`];
  const problems: string[] = [];
  const files: SourceFile[] = [];
  for (const path of await sourceFiles(checkout, projectRoot)) {
    const source = await readFile(join(checkout, path), 'utf8');
    const file = { path, imports: await readImports(source) };
    files.push(file);
    problems.push(...importProblems(file, from, projects));
    for (const name of isTestCode(path) ? [] : await readModuleVariables(source)) {
      problems.push(`${path}: \`let ${name}\` at module level is shared state; put it into what owns it`);
    }
  }
  return [...problems, ...importCycles(files)];
}
