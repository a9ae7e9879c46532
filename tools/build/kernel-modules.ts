import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault } from '@minos/base';
import { moduleName } from './kernel-modules-table.ts';

/** A kernel module: its file, and the names of those that must be loaded before it. */
export interface KernelModule {
  readonly file: string;
  readonly needs: readonly string[];
}

/** The modules that are wanted and all that they need, each after what it needs; pure. Throws a Fault for a name that there is not. */
export function moduleOrder(wanted: readonly string[], modules: ReadonlyMap<string, Pick<KernelModule, 'needs'>>): string[] {
  const order = new Set<string>();
  const add = (name: string, trail: readonly string[]): void => {
    const found = modules.get(moduleName(name));
    if (found === undefined) throw new Fault('missing', `there is no kernel module ${[...trail, name].join(' → ')}`);
    if (order.has(moduleName(name)) || trail.includes(name)) return;
    for (const need of found.needs) add(need, [...trail, name]);
    order.add(moduleName(name));
  };
  for (const name of wanted) add(name, []);
  return [...order];
}

/** Every module below a folder, by name. What a module needs is read when it is asked for. */
export async function readModules(folder: string, wanted: readonly string[]): Promise<ReadonlyMap<string, KernelModule>> {
  const files = new Map<string, string>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (entry.name.endsWith('.ko')) files.set(moduleName(entry.name), join(entry.parentPath, entry.name));
  }
  const modules = new Map<string, KernelModule>();
  const waiting = wanted.map(moduleName);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const file = files.get(name);
    if (file === undefined || modules.has(name)) continue;
    const needs = neededBy(await readFile(file));
    modules.set(name, { file, needs });
    waiting.push(...needs);
  }
  return modules;
}

/** The names in the `depends` line of a module's .modinfo section. */
function neededBy(module: Buffer): string[] {
  const mark = '\0depends=';
  const start = module.indexOf(mark, 0, 'latin1');
  if (start < 0) return [];
  const text = module.subarray(start + mark.length, module.indexOf(0, start + mark.length)).toString('latin1');
  return text
    .split(',')
    .filter((name) => name !== '')
    .map(moduleName);
}
