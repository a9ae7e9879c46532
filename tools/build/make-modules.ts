import { copyFile, mkdir, mkdtemp, readdir, readFile, rename, rm } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { parseYamlDocument } from '@minos/config';
import { moduleOrder, readModules } from './kernel-modules.ts';
import { chooseModules, wantedModules } from './kernel-modules-table.ts';
import { kernelOf } from './kernel-package.ts';
import type { MakerContext } from './maker-context.ts';
import { runPackageProgram } from './package-program.ts';

/** What the package has beside the modules, for depmod and modprobe. */
const LISTS = ['modules.order', 'modules.builtin', 'modules.builtin.modinfo'];

/** Makes `<release>/` with the modules of rootfs/modules.yaml, all that they need, and the indexes by which modprobe finds them. Throws a Fault when one needs a symbol that is not there. */
export async function makeModules({ root, packages, target }: MakerContext): Promise<void> {
  const kernel = await kernelOf(packages);
  const document = parseYamlDocument(await readFile(join(root, 'rootfs/modules.yaml'), 'utf8'));
  if (!document.ok) throw new Fault('invalid', `rootfs/modules.yaml:\n${formatProblems(document.problems)}`);
  const paths = await modulesBelow(kernel.modules);
  const chosen = chooseModules(wantedModules(document.value), paths);
  const modules = await readModules(kernel.modules, chosen);
  const work = await mkdtemp(`${target}-`);
  try {
    const base = join(work, 'lib/modules', kernel.release);
    await mkdir(base, { recursive: true });
    for (const name of LISTS) await copyFile(join(kernel.modules, name), join(base, name));
    for (const name of moduleOrder(chosen, modules)) {
      const file = modules.get(name)?.file ?? '';
      const copy = join(base, relative(kernel.modules, file));
      await mkdir(dirname(copy), { recursive: true });
      await copyFile(file, copy);
    }
    const map = join(dirname(kernel.vmlinuz), `System.map-${kernel.release}`);
    await runPackageProgram(packages, {
      program: 'kmod/bin/kmod',
      name: 'depmod',
      args: ['-b', work, '-e', '-F', map, kernel.release],
    });
    await rename(join(work, 'lib/modules'), target);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function modulesBelow(folder: string): Promise<readonly string[]> {
  const found = await readdir(folder, { recursive: true });
  return found.filter((path) => path.endsWith('.ko')).sort();
}
