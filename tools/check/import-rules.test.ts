import { describe, expect, test } from '@jest/globals';
import { importCycles, importProblems } from './import-rules.ts';
import { readImports, readModuleVariables } from './read-imports.ts';
import { type Project, projectFrom } from './workspace-projects.ts';

function project(root: string, layer: string, dependencies: readonly string[], exports: readonly string[] = ['.']): Project {
  return projectFrom(
    root,
    JSON.stringify({
      name: `@minos/${root.slice(root.lastIndexOf('/') + 1)}`,
      nx: { tags: [`layer:${layer}`] },
      dependencies: Object.fromEntries(dependencies.map((d) => [d, '0'])),
      devDependencies: { '@minos/testkit': '0', '@jest/globals': '0' },
      exports: Object.fromEntries(exports.map((e) => [e, './src/index.ts'])),
    }),
  );
}

const base = project('libs/base', '0', []);
const rpc = project('libs/rpc', '2', ['@minos/base', '@grpc/grpc-js']);
const host = project('libs/host', '2', ['@minos/base', 'koffi'], ['.', './linux']);
const testkit = project('libs/testkit', 'test', ['@minos/base']);
const apid = project('apps/apid', 'app', ['@minos/base', '@minos/rpc', '@minos/host', '@minos/trustd', 'koffi'], []);
const trustd = project('apps/trustd', 'app', ['@minos/base'], ['.']);
const projects = [base, rpc, host, testkit, apid, trustd];

async function problems(from: Project, path: string, source: string): Promise<string[]> {
  return importProblems({ path: `${from.root}/${path}`, imports: await readImports(source) }, from, projects);
}

describe('a planted violation is found, with its line:', () => {
  const planted: readonly (readonly [string, Project, string, string, RegExp])[] = [
    ['a door', apid, 'src/a.ts', "\nimport koffi from 'koffi';", /apid\/src\/a\.ts:2: koffi is imported outside its door/],
    ['a door by dynamic import', apid, 'src/a.ts', "const k = await import('koffi');", /koffi is imported outside its door/],
    ['a door by re-export', apid, 'src/a.ts', "export { x } from 'node:http2';", /node:http2 is imported outside its door/],
    [
      'a higher layer',
      base,
      'src/a.ts',
      "import { serve } from '@minos/rpc';",
      /layer 0\) must not import @minos\/rpc \(layer 2/,
    ],
    ['the same layer', rpc, 'src/a.ts', "import type { Host } from '@minos/host';", /imports go to lower layers only/],
    ['another app', apid, 'src/a.ts', "import { x } from '@minos/trustd';", /is a program, and programs are not imported/],
    ['an undeclared package', rpc, 'src/a.ts', "import { x } from 'left-pad';", /left-pad is not declared/],
    [
      'testkit in a program',
      apid,
      'src/a.ts',
      "import { eventually } from '@minos/testkit';",
      /is for tests; this file is not one/,
    ],
    [
      'a path that is not exported',
      apid,
      'src/a.ts',
      "import { x } from '@minos/host/src/a.ts';",
      /is not exported by libs\/host/,
    ],
    [
      'a path into another project',
      apid,
      'src/a.ts',
      "import { x } from '../../../libs/base/src/fault.ts';",
      /reaches into another project/,
    ],
    ['an import for its effect', apid, 'src/a.ts', "import './b.ts';", /imported for its effect/],
  ];
  test.each(planted)('%s', async (_what, from, path, source, message) => {
    expect((await problems(from, path, source)).join('\n')).toMatch(message);
  });
});

test('what is allowed is not reported', async () => {
  expect(
    await problems(apid, 'src/a.ts', "import { isFault } from '@minos/base';\nimport { linuxHost } from '@minos/host/linux';"),
  ).toEqual([]);
  expect(await problems(host, 'src/linux/native/libc.ts', "import koffi from 'koffi';")).toEqual([]);
  expect(
    await problems(apid, 'src/a.test.ts', "import { eventually } from '@minos/testkit';\nimport { b } from './b.ts';"),
  ).toEqual([]);
});

describe('import cycles', () => {
  test('are found, and named in order', async () => {
    const files = [
      { path: 'libs/base/src/a.ts', imports: await readImports("import { b } from './b.ts';") },
      { path: 'libs/base/src/b.ts', imports: await readImports("export { a } from './a.ts';") },
    ];
    expect(importCycles(files)).toEqual([expect.stringMatching(/a\.ts → .*b\.ts → .*a\.ts: an import cycle/)]);
  });

  test('of types only are none', async () => {
    const files = [
      { path: 'libs/base/src/a.ts', imports: await readImports("import { b } from './b.ts';") },
      { path: 'libs/base/src/b.ts', imports: await readImports("import type { A } from './a.ts';") },
    ];
    expect(importCycles(files)).toEqual([]);
  });
});

test('a module-level variable that can be assigned again is found', async () => {
  expect(await readModuleVariables('const a = 1;\nlet b = 2;\nexport let c = 3;\nfunction f() { let d = 4; return d; }')).toEqual(
    ['b', 'c'],
  );
});
