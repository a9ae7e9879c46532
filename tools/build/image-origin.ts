import type { PlannedEntry } from './image-staging.ts';
import type { UnpackedPackages } from './package-store.ts';

/** Where the bytes of an entry come from. */
export interface Origin {
  /** A package of Debian or npm, or `minos`: a part of the image, for its size and for its bill of materials. */
  readonly part: string;
  /** With version and path. */
  readonly text: string;
}

const EXECUTABLE = 'minos/sbin/machined';

const MADE_FROM: { readonly [name: string]: string } = {
  'ca-certificates.crt': 'ca-certificates',
  'hwdb.bin': 'udev',
};

/** Says it of a file; of a directory or a link it is the image's own table. Pure. */
export function originOf({ source }: Pick<PlannedEntry, 'source'>, packages: UnpackedPackages): Origin {
  switch (source.kind) {
    case 'package': {
      const [name = '', ...path] = source.from.split('/');
      return fromPackage(name, `:/${path.join('/')}`, packages);
    }
    case 'made':
      return fromPackage(MADE_FROM[source.from] ?? kernelName(packages), `, made:${source.from}`, packages);
    case 'npm': {
      const [name = ''] = source.from.split('/');
      return { part: name, text: `npm:${source.from}` };
    }
    case 'build':
      return { part: source.from === EXECUTABLE ? 'minos, with Node inside' : 'minos', text: `build:${source.from}` };
    case 'tree':
      return { part: 'minos', text: `tree:${source.from}` };
    default:
      return { part: 'minos', text: 'rootfs/image.yaml' };
  }
}

function fromPackage(name: string, rest: string, packages: UnpackedPackages): Origin {
  const version = packages.get(name)?.locked.version ?? 'unknown';
  return { part: name, text: `deb:${name} ${version}${rest}` };
}

/** The kernel, which has its version in its name. */
export function kernelName(packages: UnpackedPackages): string {
  return [...packages.values()].find((p) => p.locked.follows !== undefined)?.locked.name ?? 'linux-image';
}
