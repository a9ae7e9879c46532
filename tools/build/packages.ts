// node tools/build/packages.ts [--move-lock]: unpacks the Debian packages of the image into .cache/packages; or first takes the newest into
// rootfs/packages.lock.yaml and says what changed.
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { isFault } from '@minos/base';
import { movePackagesLock, unpackPackages } from './package-store.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { 'move-lock': { type: 'boolean', default: false } } });
try {
  if (values['move-lock']) {
    const changes = await movePackagesLock(root);
    console.log(changes.length === 0 ? 'every package is the newest' : changes.join('\n'));
  }
  const packages = await unpackPackages(root, console.log);
  console.log(`.cache/packages  ${packages.size} packages`);
} catch (e) {
  if (!isFault(e)) throw e;
  console.error(e.message);
  process.exitCode = 1;
}
