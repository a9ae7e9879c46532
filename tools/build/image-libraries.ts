import { Fault } from '@minos/base';
import { run } from './run-command.ts';

/** The sonames that an ELF file needs, its program interpreter included; empty for a static program. */
export async function neededBy(file: string): Promise<readonly string[]> {
  const text = await run('readelf', ['--wide', '--dynamic', '--program-headers', file]);
  const needed = [...text.matchAll(/\(NEEDED\).*\[([^\]]+)\]/g)].flatMap(([, name]) => name ?? []);
  const [, interpreter] = /program interpreter: ([^\]]+)\]/.exec(text) ?? [];
  return interpreter === undefined ? needed : [...needed, interpreter.slice(interpreter.lastIndexOf('/') + 1)];
}

/** Where the loader looks without being told to. */
const FOLDERS = /^\/(usr\/)?lib(64|\/x86_64-linux-gnu)?\/([^/]+)$/;

/** What does not fit between the ELF files of an image, by path with what each needs: a library that one needs and the image lacks, and one that nothing needs; pure. */
export function libraryProblems(needs: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const libraries = new Map(
    [...needs.keys()].flatMap((path) => [[FOLDERS.exec(path)?.[3] ?? '', path] as const]).filter(([n]) => n !== ''),
  );
  const needed = new Set([...needs.values()].flat());
  return [
    ...[...needs].flatMap(([path, names]) =>
      names.filter((n) => !libraries.has(n)).map((n) => `${path} needs ${n}, which is not there`),
    ),
    ...[...libraries].filter(([name]) => !needed.has(name)).map(([, path]) => `${path} is there, and nothing needs it`),
  ];
}

/** Throws a Fault with everything that libraryProblems says of these files: path in the image → file on this machine. */
export async function checkLibraries(files: ReadonlyMap<string, string>): Promise<void> {
  const needs = await Promise.all([...files].map(async ([path, file]) => [path, await neededBy(file)] as const));
  const problems = libraryProblems(new Map(needs));
  if (problems.length > 0) {
    throw new Fault('precondition', `libraries do not fit; rootfs/image.yaml names them:\n  ${problems.join('\n  ')}`);
  }
}
