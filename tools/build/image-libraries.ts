import { Fault } from '@minos/base';
import { run } from './run-command.ts';

/** The shared libraries that a program is loaded with on this machine: soname → file, the loader itself included. */
export async function librariesOf(program: string): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for (const line of (await run('ldd', [program])).split('\n')) {
    const [, soname, file] = /^\s*(?:(\S+) => )?(\/\S+)/.exec(line) ?? [];
    if (file !== undefined) found.set(soname ?? file.slice(file.lastIndexOf('/') + 1), file);
  }
  return found;
}

/** The sonames that an ELF file needs, its program interpreter included; empty for a static program. */
export async function neededBy(file: string): Promise<readonly string[]> {
  const text = await run('readelf', ['--wide', '--dynamic', '--program-headers', file]);
  const needed = [...text.matchAll(/\(NEEDED\).*\[([^\]]+)\]/g)].flatMap(([, name]) => name ?? []);
  const [, interpreter] = /program interpreter: ([^\]]+)\]/.exec(text) ?? [];
  return interpreter === undefined ? needed : [...needed, interpreter.slice(interpreter.lastIndexOf('/') + 1)];
}

/** Throws a Fault that names every library which a file of the image needs and the image lacks. */
export async function checkLibraries(files: ReadonlyMap<string, string>): Promise<void> {
  const present = new Set([...files.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)));
  const missing: string[] = [];
  for (const [path, file] of files) {
    for (const name of await neededBy(file)) if (!present.has(name)) missing.push(`${path} needs ${name}`);
  }
  if (missing.length > 0) {
    throw new Fault('precondition', `the image lacks libraries; name them in rootfs/image.yaml:\n  ${missing.join('\n  ')}`);
  }
}
