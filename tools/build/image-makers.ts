import { makeCertificates } from './make-certificates.ts';
import { makeEarlyFile } from './make-early-file.ts';
import { makeHwdb } from './make-hwdb.ts';
import { makeModules } from './make-modules.ts';
import type { MakerContext } from './maker-context.ts';

/** What the image has that is made while it is built: the name behind `made:` in rootfs/image.yaml, and who makes the file or folder of that name. */
export const MAKERS: { readonly [name: string]: (context: MakerContext) => Promise<void> } = {
  'ca-certificates.crt': makeCertificates,
  'early-container': makeEarlyFile('container'),
  'early-metal': makeEarlyFile('metal'),
  'hwdb.bin': makeHwdb,
  modules: makeModules,
};
