import type { Plugin } from 'esbuild';

/** A native add-on of a dependency, and the name it has beside the bundle. */
export interface NativeAddon {
  readonly file: string;
  readonly source: string;
}

/** Every native add-on that the bundles load; sources are paths from the root of the checkout. */
export const NATIVE_ADDONS: readonly NativeAddon[] = [
  { file: 'koffi.node', source: 'node_modules/@koromix/koffi-linux-x64/linux_x64/koffi.node' },
  { file: 'netlink.node', source: 'node_modules/netlink/prebuilds/linux-x64/node.napi.node' },
];

const KOFFI = `
const native = require('./koffi.node');
module.exports = Object.assign(Object.create(native), { default: native });
`;
const NODE_GYP_BUILD = "module.exports = () => require('./netlink.node');";

/** An esbuild plugin that loads the add-ons from beside the bundle, so that no search of node_modules is left in it. */
export function nativePlugin(): Plugin {
  return {
    name: 'minos-native',
    setup(build) {
      build.onResolve({ filter: /^(koffi|node-gyp-build)$/ }, ({ path }) => ({ path, namespace: 'minos-native' }));
      build.onLoad({ filter: /.*/, namespace: 'minos-native' }, ({ path }) => ({
        contents: path === 'koffi' ? KOFFI : NODE_GYP_BUILD,
        loader: 'js',
      }));
      build.onResolve({ filter: /^\.\/(koffi|netlink)\.node$/ }, ({ path }) => ({ path, external: true }));
    },
  };
}
