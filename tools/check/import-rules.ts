import { dirname, join, normalize } from 'node:path';
import type { Import } from './read-imports.ts';
import type { Project } from './workspace-projects.ts';

/** A source file and what it imports. */
export interface SourceFile {
  /** From the root of the checkout. */
  readonly path: string;
  readonly imports: readonly Import[];
}

/** A door: the one place where something from outside may be imported. */
interface Door {
  readonly specifier: RegExp;
  readonly what: string;
  readonly where: string;
  /** Tests may talk to the outside thing itself, as a peer that is not ours. */
  readonly isOpenToTests?: boolean;
}

const DOORS: readonly Door[] = [
  { specifier: /^koffi(\/|$)/, what: 'koffi', where: 'libs/host/src/linux/' },
  { specifier: /^netlink(\/|$)/, what: 'netlink', where: 'libs/host/src/linux/' },
  { specifier: /^node-forge(\/|$)/, what: 'node-forge', where: 'libs/pki/' },
  { specifier: /^yaml(\/|$)/, what: 'yaml', where: 'libs/config/' },
  { specifier: /^@grpc\/grpc-js(\/|$)/, what: 'grpc-js', where: 'libs/rpc/', isOpenToTests: true },
  { specifier: /^(node:)?http2$/, what: 'node:http2', where: 'libs/rpc/', isOpenToTests: true },
  { specifier: /^pino(\/|$)/, what: 'pino', where: 'libs/daemon/' },
];

/** Whether a file is run by tests only: a test, a conformance suite, a fixture, or anything of testkit, e2e and tools. */
export function isTestCode(path: string): boolean {
  return /\.(test|conformance)\.ts$|\/(testing|fixtures?|conformance)\/|^(e2e|tools|libs\/testkit)\//.test(path);
}

function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}

function doorProblem(path: string, specifier: string): string | undefined {
  const door = DOORS.find((d) => d.specifier.test(specifier));
  if (door === undefined || path.startsWith(door.where)) return undefined;
  if (door.isOpenToTests === true && isTestCode(path)) return undefined;
  return `${door.what} is imported outside its door; ask ${door.where} for what you need`;
}

function layerProblem(path: string, from: Project, to: Project): string | undefined {
  if (to.layer === 4) return `${to.name} is a program, and programs are not imported; move what is shared into a lib`;
  if (to.layer === 'test') {
    return isTestCode(path) && to.root === 'libs/testkit' ? undefined : `${to.name} is for tests; this file is not one`;
  }
  if (from.layer === 'test' || from.layer > to.layer) return undefined;
  return `${from.name} (layer ${from.layer}) must not import ${to.name} (layer ${to.layer}): imports go to lower layers only`;
}

/** An import by package name. */
interface PackageImport {
  readonly specifier: string;
  readonly from: Project;
  readonly projects: readonly Project[];
}

function packageProblems(path: string, { specifier, from, projects }: PackageImport): (string | undefined)[] {
  const name = packageOf(specifier);
  const to = projects.find((p) => p.name === name);
  const isDeclared = from.dependencies.has(name) || (isTestCode(path) && from.devDependencies.has(name));
  const undeclared = `${name} is not declared; add it to ${from.root}/package.json`;
  if (to === from) return [`${specifier} is this very project; import the file by its relative path`];
  const subpath = `.${specifier.slice(name.length)}`;
  return [
    isDeclared ? undefined : undeclared,
    to === undefined ? undefined : layerProblem(path, from, to),
    to === undefined || to.exports.has(subpath) ? undefined : `${specifier} is not exported by ${to.root}/package.json`,
  ];
}

function relativeProblem(path: string, from: Project, specifier: string): string | undefined {
  const target = normalize(join(dirname(path), specifier));
  if (target.startsWith(`${from.root}/`) || !/^(apps|libs|e2e|tools)\//.test(target)) return undefined;
  return `${specifier} reaches into another project; import it by its package name`;
}

/** Everything that is wrong with the imports of one file, one line each, saying what to do; pure. */
export function importProblems(file: SourceFile, from: Project, projects: readonly Project[]): string[] {
  const { path, imports } = file;
  return imports.flatMap(({ specifier, isForEffect, line }) => {
    const found = [doorProblem(path, specifier)];
    if (specifier.startsWith('.')) found.push(relativeProblem(path, from, specifier));
    else if (!specifier.startsWith('node:')) found.push(...packageProblems(path, { specifier, from, projects }));
    if (isForEffect) found.push(`${specifier} is imported for its effect; export a function and call it`);
    return found.flatMap((text) => (text === undefined ? [] : [`${path}:${line}: ${text}`]));
  });
}

/** Every import cycle among files, types left out: one line for each, naming its files in order; pure. */
export function importCycles(files: readonly SourceFile[]): string[] {
  const edges = new Map(
    files.map(({ path, imports }) => [
      path,
      imports.filter((i) => i.specifier.startsWith('.') && !i.isTypeOnly).map((i) => normalize(join(dirname(path), i.specifier))),
    ]),
  );
  const done = new Set<string>();
  const cycles: string[] = [];
  const visit = (path: string, trail: readonly string[]): void => {
    const at = trail.indexOf(path);
    if (at >= 0) cycles.push(`${[...trail.slice(at), path].join(' → ')}: an import cycle; move what both need into a third file`);
    if (at >= 0 || done.has(path)) return;
    for (const next of edges.get(path) ?? []) visit(next, [...trail, path]);
    done.add(path);
  };
  for (const path of [...edges.keys()].sort()) visit(path, []);
  return cycles;
}
