// node tools/build/kernel.ts [--move-lock]: unpacks the kernel of rootfs/kernel.yaml into dist/kernel; or takes the newest into that file.
import { mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { moveKernelLock, unpackKernel } from './kernel-package.ts';

const root = join(import.meta.dirname, '../..');
const { values } = parseArgs({ options: { 'move-lock': { type: 'boolean', default: false } } });
await mkdir(join(root, 'dist'), { recursive: true });
if (values['move-lock']) console.log(await moveKernelLock(root));
const { vmlinuz } = await unpackKernel(root);
console.log(`dist/kernel/vmlinuz  ${((await stat(vmlinuz)).size / 1e6).toFixed(1)} MB`);
