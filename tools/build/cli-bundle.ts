import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { commitOf, releaseDefines } from './commit-of.ts';
import { NATIVE_ADDONS, nativePlugin } from './native-plugin.ts';

/** Lets CommonJS dependencies inside an ES module call `require`. */
const REQUIRE = "import{createRequire as __minosRequire}from'node:module';const require=__minosRequire(import.meta.url);";

/** Writes into an empty folder minosctl.js and one chunk for each command that it imports when asked; returns the bytes read by `--help`. */
export async function writeCliBundle(root: string, outDir: string): Promise<number> {
  await build({
    absWorkingDir: root,
    entryPoints: { minosctl: 'apps/minosctl/src/main.ts' },
    outdir: outDir,
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node26',
    charset: 'ascii',
    legalComments: 'none',
    minify: true,
    sourcemap: 'linked',
    define: releaseDefines(await commitOf(root)),
    chunkNames: 'part-[hash]',
    banner: { js: REQUIRE },
    logLevel: 'warning',
    plugins: [nativePlugin()],
  });
  await writeFile(join(outDir, 'package.json'), '{ "type": "module" }\n');
  for (const { file, source } of NATIVE_ADDONS) await writeFile(join(outDir, file), await readFile(join(root, source)));
  return (await readFile(join(outDir, 'minosctl.js'))).length;
}
