// node tools/check/project.ts <project root>: every rule that a machine can judge, for one project (nx target `check`).
import { join } from 'node:path';
import { checkedInFiles, docsProblems } from './docs-problems.ts';
import { sourceProblems } from './source-problems.ts';
import { toolProblems } from './tool-problems.ts';
import { initProblems, nameProblems } from './tree-problems.ts';

const checkout = join(import.meta.dirname, '../..');
const project = process.argv[2]?.replace(/\/$/, '');

/** Rules of the whole tree; they are checked once, with this project. */
async function treeProblems(): Promise<readonly string[]> {
  const files = await checkedInFiles(checkout);
  const parts = await Promise.all([
    Promise.resolve(nameProblems(files)),
    initProblems(checkout, files),
    docsProblems(checkout),
    toolProblems(checkout, 'biome', [
      'node_modules/@biomejs/biome/bin/biome',
      'check',
      'biome.json',
      'nx.json',
      'jest.config.mjs',
    ]),
  ]);
  return parts.flat();
}

async function problemsOf(root: string): Promise<readonly string[]> {
  const parts = await Promise.all([
    toolProblems(checkout, 'types', ['node_modules/typescript/bin/tsc', '--noEmit', '--pretty', 'false', '-p', root]),
    toolProblems(checkout, 'biome', ['node_modules/@biomejs/biome/bin/biome', 'check', root]),
    toolProblems(checkout, 'oxlint', ['node_modules/oxlint/bin/oxlint', root]),
    sourceProblems(checkout, root),
    root === 'libs/api' ? toolProblems(checkout, 'generated code', ['tools/gen/proto.ts', '--check']) : Promise.resolve([]),
    root === 'tools' ? treeProblems() : Promise.resolve([]),
  ]);
  return parts.flat();
}

if (project === undefined) {
  console.error('usage: node tools/check/project.ts <project root>');
  process.exit(2);
}
const problems = await problemsOf(project);
for (const problem of problems) console.error(problem);
if (problems.length > 0) console.error(`\n${project}: ${problems.length} to mend`);
process.exitCode = problems.length > 0 ? 1 : 0;
