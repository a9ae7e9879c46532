import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build, type Plugin } from 'esbuild';
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

/** Writes minos.js (the loader), minos.bundle.js and the native add-ons; returns the bytes of the bundle. */
export async function writeNodeBundle({ root, programs, outDir }: NodeBundleOptions): Promise<number> {
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
    define: { __dirname: '"/usr/lib/minos"' },
    supported: { 'dynamic-import': false },
    charset: 'ascii',
    legalComments: 'none',
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: true,
    keepNames: true,
    sourcemap: 'external',
    metafile: true,
    banner: { js: '(function(require,program){"use strict";var module={exports:{}};' },
    footer: { js: '})' },
    logOverride: { 'empty-import-meta': 'error' },
    logLevel: 'warning',
    plugins: [mainPlugin(), nativePlugin(), trimPlugin()],
  });
  await writeFile(join(outDir, 'meta.json'), JSON.stringify(result.metafile));
  await writeFile(join(outDir, 'minos.js'), await readFile(join(import.meta.dirname, 'loader.cjs')));
  // In the image no package.json is above the loader; in a checkout there is one, for ES modules.
  await writeFile(join(outDir, 'package.json'), '{ "type": "commonjs" }\n');
  for (const { file, source } of NATIVE_ADDONS) await writeFile(join(outDir, file), await readFile(join(root, source)));
  return (await readFile(bundle)).length;
}
