import { createRequire } from 'node:module';
import { sep } from 'node:path';
import type { Plugin } from 'esbuild';

/** A file of a dependency, by the end of its path, and what stands in its place. */
interface Replacement {
  readonly file: string;
  readonly contents: string;
}

const NOTHING_TO_SET_UP = 'exports.setup = () => {};';

/** Parts of dependencies that no daemon uses; each line was measured to save start time or memory. */
const REPLACEMENTS: readonly Replacement[] = [
  { file: '@grpc/grpc-js/build/src/load-balancer-outlier-detection.js', contents: NOTHING_TO_SET_UP },
  { file: '@grpc/grpc-js/build/src/load-balancer-weighted-round-robin.js', contents: NOTHING_TO_SET_UP },
  {
    file: '@grpc/grpc-js/build/src/http_proxy.js',
    contents: [
      'exports.mapProxyName = (target) => ({ target, extraOptions: {} });',
      'exports.getProxiedConnection = () => Promise.resolve(null);',
    ].join('\n'),
  },
  {
    file: 'pino/lib/transport.js',
    contents: "module.exports = () => { throw new Error('this build writes its log to stdout only'); };",
  },
];

/** Packages that a dependency asks for only in a branch that is never taken. */
const ABSENT = /^(@grpc\/proto-loader|thread-stream|pino-abstract-transport)$/;

/** Modules of Node that take long to load and are not needed by a start: loaded by the first use of anything in them. */
const LAZY = /^(node:)?zlib$/;

/** The same names as the module, each asking for it only then. */
function lazyModule(name: string): string {
  const names = Object.keys(createRequire(import.meta.url)(name));
  return `module.exports = { ${names.map((key) => `get ${key}() { return require(${JSON.stringify(name)}).${key}; }`).join(', ')} };`;
}

/** An esbuild plugin that leaves out what no program of ours uses, and puts off what is not used at first; what is left out throws when it is called after all. */
export function trimPlugin(): Plugin {
  return {
    name: 'minos-trim',
    setup(build) {
      build.onLoad({ filter: /node_modules.*\.js$/ }, ({ path }) => {
        const found = REPLACEMENTS.find(({ file }) => path.endsWith(`${sep}node_modules${sep}${file}`));
        return found === undefined ? undefined : { contents: found.contents, loader: 'js' };
      });
      build.onResolve({ filter: LAZY }, ({ path, namespace }) =>
        namespace === 'minos-lazy' ? { path, external: true } : { path, namespace: 'minos-lazy' },
      );
      build.onLoad({ filter: /.*/, namespace: 'minos-lazy' }, ({ path }) => ({ contents: lazyModule(path), loader: 'js' }));
      build.onResolve({ filter: ABSENT }, ({ path }) => ({ path, namespace: 'minos-absent' }));
      build.onLoad({ filter: /.*/, namespace: 'minos-absent' }, ({ path }) => ({
        contents: `throw new Error(${JSON.stringify(`${path} is not part of this build`)});`,
        loader: 'js',
      }));
    },
  };
}
