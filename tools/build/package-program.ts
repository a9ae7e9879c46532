import { join } from 'node:path';
import { Fault } from '@minos/base';
import type { UnpackedPackages } from './package-store.ts';
import { run } from './run-command.ts';

const LIBRARIES = ['lib/x86_64-linux-gnu', 'usr/lib/x86_64-linux-gnu'];

/** A program of an unpacked package, and what it is called with. */
export interface PackageProgram {
  /** `<package>/<path>` */
  readonly program: string;
  /** The name by which it is called; programs with several decide by it. */
  readonly name: string;
  readonly args: readonly string[];
}

/** Runs it with the libraries of the packages, so that nothing of it need be installed; returns what it wrote. */
export function runPackageProgram(packages: UnpackedPackages, { program, name, args }: PackageProgram): Promise<string> {
  const loader = fileOfPackage(packages, 'libc6/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2');
  const paths = [...packages.values()].flatMap(({ folder }) => LIBRARIES.map((path) => join(folder, path)));
  const file = fileOfPackage(packages, program);
  return run(loader, ['--argv0', name, '--library-path', paths.join(':'), file, ...args]);
}

/** Where `<package>/<path>` is on this machine. Throws a Fault when the lock has no such package. */
export function fileOfPackage(packages: UnpackedPackages, from: string): string {
  const [name = '', ...path] = from.split('/');
  const found = packages.get(name);
  if (found === undefined) {
    const how = 'add a line for it, with its name alone, and run node tools/build/packages.ts --move-lock';
    throw new Fault('missing', `rootfs/packages.lock.yaml has no package ${name}; ${how}`, { package: name });
  }
  return join(found.folder, ...path);
}
