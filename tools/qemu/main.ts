// node tools/qemu/main.ts [options]: boots the image as a whole machine in QEMU and shows its console. tools/qemu/README.md names the options.
import { join, relative } from 'node:path';
import { isFault, messageOf } from '@minos/base';
import { startVm } from './start-vm.ts';
import { vmOptions } from './vm-options.ts';

const root = join(import.meta.dirname, '../..');

async function main(): Promise<number> {
  const options = vmOptions(root, process.argv.slice(2));
  const hint = { client: '' };
  const vm = await startVm(root, options, (line) => {
    console.log(line);
    if (line.includes('[minos]') && line.includes(' is up: ')) {
      console.log(`\n  npx minosctl --minosconfig ${hint.client} services\n\n  Ctrl-C turns the machine off.\n`);
    }
  });
  hint.client = relative(process.cwd(), vm.config.clientConfig);
  await using qemu = vm.qemu;
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => void qemu[Symbol.asyncDispose]());
  return Math.max(0, await qemu.ended);
}

try {
  process.exitCode = await main();
} catch (e) {
  console.error(isFault(e) ? e.message : messageOf(e));
  process.exitCode = 1;
}
