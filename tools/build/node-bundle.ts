import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
import { commitOf, releaseDefines } from './commit-of.ts';
import { nativePlugin } from './native-plugin.ts';
import { trimPlugin } from './trim-plugin.ts';

/** Which program is bundled, and where to. */
export interface NodeBundleOptions {
  /** The root of the checkout. */
  readonly root: string;
  readonly program: string;
  readonly outDir: string;
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

/** The name under which a program asks for its simulated machine. */
export function simulationName(program: string): string {
  return `minos-simulate/${program}`;
}

/** Leaves the simulated machines out: a program imports its own only when it is told to, and a node never is. */
function simulationPlugin(found: string[]): Plugin {
  return {
    name: 'minos-simulation',
    setup(build) {
      build.onResolve({ filter: /^\.\/simulate\// }, ({ path, resolveDir, kind }) => {
        const [, program] = /\/apps\/([a-z]+)\//.exec(resolveDir) ?? [];
        if (program === undefined) return undefined;
        if (kind !== 'dynamic-import')
          return { warnings: [{ text: `${program}: import ${path} only when told to, by await import()` }] };
        found.push(join(resolveDir, path));
        return { path: simulationName(program), external: true };
      });
    },
  };
}

/** What was built. */
export interface NodeBundle {
  readonly bytes: number;
  /** The source of the program's simulated machine, which is not in the bundle; undefined when it has none. */
  readonly simulation: string | undefined;
}

/** Writes `<program>.js`, a script whose value is a function of `require` that runs the program, and its source map. */
export async function writeNodeBundle({ root, program, outDir }: NodeBundleOptions): Promise<NodeBundle> {
  const simulations: string[] = [];
  const bundle = join(outDir, `${program}.js`);
  await mkdir(outDir, { recursive: true });
  const result = await build({
    absWorkingDir: root,
    entryPoints: [`apps/${program}/src/main.ts`],
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
    banner: { js: '(function(require){"use strict";var module={exports:{}};' },
    footer: { js: '})' },
    logOverride: { 'empty-import-meta': 'error' },
    logLevel: 'warning',
    plugins: [mainPlugin(), simulationPlugin(simulations), nativePlugin(), trimPlugin()],
  });
  await writeFile(join(outDir, `${program}.meta.json`), JSON.stringify(result.metafile));
  return { bytes: (await readFile(bundle)).length, simulation: simulations[0] };
}
