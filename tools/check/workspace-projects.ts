import { glob, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** One project of the workspace, as far as the import rules ask. */
export interface Project {
  /** The folder from the root of the checkout, such as `libs/rpc`. */
  readonly root: string;
  readonly name: string;
  /** 0 to 3 for libs, 4 for apps; `test` for testkit, e2e and tools. */
  readonly layer: number | 'test';
  readonly dependencies: ReadonlySet<string>;
  readonly devDependencies: ReadonlySet<string>;
  /** The subpaths that the package shows: `.`, `./linux`, … */
  readonly exports: ReadonlySet<string>;
}

const APP_LAYER = 4;

function keys(value: unknown): ReadonlySet<string> {
  return new Set(typeof value === 'object' && value !== null ? Object.keys(value) : []);
}

/** A project from the text of its package.json; its layer is the tag `layer:…` that nx sees too. */
export function projectFrom(root: string, text: string): Project {
  const manifest = JSON.parse(text);
  const tags: readonly string[] = manifest.nx?.tags ?? [];
  const layer = tags.find((t) => t.startsWith('layer:'))?.slice('layer:'.length) ?? 'test';
  return {
    root,
    name: manifest.name,
    layer: layer === 'app' ? APP_LAYER : layer === 'test' ? 'test' : Number(layer),
    dependencies: keys(manifest.dependencies),
    devDependencies: keys(manifest.devDependencies),
    exports: typeof manifest.exports === 'string' ? new Set(['.']) : keys(manifest.exports),
  };
}

/** Every project of the workspace. */
export async function readProjects(checkout: string): Promise<readonly Project[]> {
  const projects: Project[] = [];
  for await (const file of glob(['apps/*/package.json', 'libs/*/package.json', 'e2e/package.json', 'tools/package.json'], {
    cwd: checkout,
  })) {
    projects.push(projectFrom(dirname(file), await readFile(join(checkout, file), 'utf8')));
  }
  return projects.sort((a, b) => (a.root < b.root ? -1 : 1));
}
