import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { commitOf, releaseDefines } from './commit-of.ts';
import { NATIVE_ADDONS, nativePlugin } from './native-plugin.ts';
import { trimPlugin } from './trim-plugin.ts';

/** What goes into a node's bundle, and where it is put. */
export interface NodeBundleOptions {
  /** The root of the checkout. */
  readonly root: string;
  readonly programs: readonly string[];
  readonly outDir: string;
}

/** The script that the loader runs: a function of `require` and the name of the program; only that program's modules run. */
function entrySource(programs: readonly string[]): string {
  const rows = programs.map((p) => `  ${p}: () => require(${JSON.stringify(`./apps/${p}/src/main.ts`)}),`);
  return [
    `const programs = {\n${rows.join('\n')}\n};`,
    'const start = Object.hasOwn(programs, program ?? "") ? programs[program] : undefined;',
    'if (start === undefined) {',
    '  process.stderr.write("usage: minos.js " + Object.keys(programs).join("|") + " [arguments]\\n");',
    '  process.exit(100);',
    '}',
    'start();',
  ].join('\n');
}

/** The bundle is a script, which knows no top-level await; nothing follows the one in a main.ts, so it is not missed. */
function mainPlugin(): Plugin {
  return {
    name: 'minos-main',
    setup(build) {
      build.onLoad({ filter: /apps\/[a-z]+\/src\/main\.ts$/ }, async ({ path }) => ({
        contents: (await readFile(path, 'utf8')).replace(/^await /gm, 'void '),
        loader: 'ts',
      }));
    },
  };
}

/** The simulated machine of a program, which is not in the bundle: the program, and the module that it would import. */
export interface Simulation {
  readonly program: string;
  readonly file: string;
}

/** The name under which a program asks for its simulated machine. */
export function simulationName(program: string): string {
  return `minos-simulate/${program}`;
}

/** Leaves the simulated machines out: a program imports its own only when it is told to, and a node never is. */
function simulationPlugin(found: Simulation[]): Plugin {
  return {
    name: 'minos-simulation',
    setup(build) {
      build.onResolve({ filter: /^\.\/simulate\// }, ({ path, resolveDir, kind }) => {
        const [, program] = /\/apps\/([a-z]+)\//.exec(resolveDir) ?? [];
        if (program === undefined) return undefined;
        if (kind !== 'dynamic-import')
          return { warnings: [{ text: `${program}: import ${path} only when told to, by await import()` }] };
        found.push({ program, file: join(resolveDir, path) });
        return { path: simulationName(program), external: true };
      });
    },
  };
}

/** What was built. */
export interface NodeBundle {
  readonly bytes: number;
  readonly simulations: readonly Simulation[];
}

/** Writes minos.js (the loader), minos.bundle.js and the native add-ons; says what it left out. */
export async function writeNodeBundle({ root, programs, outDir }: NodeBundleOptions): Promise<NodeBundle> {
  const simulations: Simulation[] = [];
  const bundle = join(outDir, 'minos.bundle.js');
  await mkdir(outDir, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    stdin: { contents: entrySource(programs), resolveDir: root, sourcefile: 'minos.ts', loader: 'js' },
    outfile: bundle,
    bundle: true,
    format: 'cjs',
    platform: 'node',
    target: 'node26',
    // A script that is compiled by hand has no import(); require does the same for what is left outside.
    // Only the search for add-ons asks for it, and native-plugin.ts replaces that.
    define: { __dirname: '"/usr/lib/minos"', ...releaseDefines(await commitOf(root)) },
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    // Names stay as they are: keeping them beside shortened ones costs a call for every closure that is made.
    minifyIdentifiers: false,
    sourcemap: 'external',
    metafile: true,
    banner: { js: '(function(require,program){"use strict";var module={exports:{}};' },
    footer: { js: '})' },
    logOverride: { 'empty-import-meta': 'error' },
    logLevel: 'warning',
    plugins: [mainPlugin(), simulationPlugin(simulations), nativePlugin(), trimPlugin()],
  });
  await writeFile(join(outDir, 'meta.json'), JSON.stringify(result.metafile));
  await writeFile(join(outDir, 'minos.js'), await readFile(join(import.meta.dirname, 'loader.cjs')));
  // In the image no package.json is above the loader; in a checkout there is one, for ES modules.
  await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n');
  for (const { file, source } of NATIVE_ADDONS) await writeFile(join(outDir, file), await readFile(join(root, source)));
  return { bytes: (await readFile(bundle)).length, simulations };
}
