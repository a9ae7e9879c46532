import { join } from 'node:path';
import { Fault } from '@minos/base';

/** What `gen config` can make. */
export type OutputType = 'controlplane' | 'worker' | 'talosconfig';

const FILES: Readonly<Record<OutputType, string>> = {
  controlplane: 'controlplane.yaml',
  worker: 'worker.yaml',
  talosconfig: 'talosconfig',
};

/** The types that were asked for, all without any; throws `invalid` for another word. */
export function outputTypes(words: readonly string[]): readonly OutputType[] {
  const all: readonly OutputType[] = ['controlplane', 'worker', 'talosconfig'];
  for (const word of words) {
    if (!all.some((type) => type === word)) throw new Fault('invalid', `--output-types knows ${all.join(', ')}, not "${word}"`);
  }
  return words.length === 0 ? all : all.filter((type) => words.includes(type));
}

/**
 * Where each type goes: into the folder; a single one may go to a file of any name, or to the standard output (`-`). Throws `invalid` when
 * several are to go there.
 */
export function outputPaths(types: readonly OutputType[], output: string, isFolder: boolean): ReadonlyMap<OutputType, string> {
  const [only] = types;
  if (only !== undefined && types.length === 1 && (output === '-' || !isFolder)) return new Map([[only, output]]);
  if (output === '-')
    throw new Fault('invalid', 'only one of the types can go to the standard output; choose it with --output-types');
  return new Map(types.map((type) => [type, join(output, FILES[type])]));
}
