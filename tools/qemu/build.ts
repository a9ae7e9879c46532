// node tools/qemu/build.ts [--signing-key <folder>]: makes dist/vm (kernel, initramfs, sealed image) from dist/image.
import { stat } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { buildMachine } from './build-machine.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { 'signing-key': { type: 'string' } } });
const files = await buildMachine(root, values['signing-key'] ?? join(root, '.minos/signing'));
for (const file of Object.values(files)) {
  console.log(`${relative(root, file).padEnd(28)} ${((await stat(file)).size / 1e6).toFixed(1)} MB`);
}
