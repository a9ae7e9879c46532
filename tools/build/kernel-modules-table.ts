import { Fault } from '@minos/base';
import { isYamlMap, textsAt, type YamlValue } from '@minos/config';

/** The names and folders in rootfs/modules.yaml, of all groups. Throws a Fault when it has another form or names one twice. */
export function wantedModules(raw: YamlValue): readonly string[] {
  const groups = isYamlMap(raw) ? raw['groups'] : undefined;
  if (!isYamlMap(groups))
    throw new Fault('invalid', 'rootfs/modules.yaml: expected one key, `groups`, with a list for each group');
  const names = Object.keys(groups).flatMap((group) => textsAt(groups, group));
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new Fault('invalid', `rootfs/modules.yaml: ${twice} is named twice`);
  return names;
}

/** The modules that a table stands for, as paths below the folder of the release: a name is one, a folder (with a slash behind it) all below; pure. Throws a Fault that names what there is not. */
export function chooseModules(wanted: readonly string[], paths: readonly string[]): readonly string[] {
  const byName = new Map(paths.map((path) => [moduleName(path), path]));
  const missing: string[] = [];
  const chosen = wanted.flatMap((word) => {
    const found = word.endsWith('/')
      ? paths.filter((path) => path.startsWith(word))
      : [byName.get(moduleName(word))].flatMap((p) => p ?? []);
    if (found.length === 0) missing.push(word);
    return found;
  });
  if (missing.length > 0)
    throw new Fault('missing', `the kernel has no module ${missing.join(', ')}; rootfs/modules.yaml names it`);
  return [...new Set(chosen)].sort();
}

/** The name that the kernel has for a module in this file; files and kernel disagree about hyphens. */
export function moduleName(path: string): string {
  return path
    .slice(path.lastIndexOf('/') + 1)
    .replace(/\.ko$/, '')
    .replaceAll('-', '_');
}
