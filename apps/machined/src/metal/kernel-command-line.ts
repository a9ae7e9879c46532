/** The words of a kernel command line: `name=value`, or a name alone (Documentation/admin-guide/kernel-parameters.rst); quotes hold blanks together. Pure. */
export function parseCommandLine(text: string): readonly (readonly [name: string, value: string])[] {
  return [...text.trim().matchAll(/(?:[^\s"]|"[^"]*"?)+/g)].map(([word]) => {
    const plain = word.replaceAll('"', '');
    const at = plain.indexOf('=');
    return at < 0 ? [plain, ''] : [plain.slice(0, at), plain.slice(at + 1)];
  });
}

/** What the kernel command line says about where the configuration is, and how to get there. */
export interface ConfigArguments {
  /** `talos.config` or `minos.config`; undefined for none. */
  readonly source: string | undefined;
  /** `minos.config.fingerprint`: SHA-256 in base64 of the public key that a server of HTTPS must have. */
  readonly fingerprint: string | undefined;
  /** `talos.config.early` and `talos.config.inline`, put together: base64 of zstd. */
  readonly early: string;
  readonly inline: string;
  /** `ip`, as Documentation/admin-guide/nfs/nfsroot.rst has it. */
  readonly ip: string | undefined;
}

/** Reads them; the last of several counts, and pieces of an embedded configuration are put together in their order. Pure. */
export function configArguments(text: string): ConfigArguments {
  const words = parseCommandLine(text);
  const all = (name: string): readonly string[] => words.flatMap(([word, value]) => (word === name ? [value] : []));
  const either = (name: string): readonly string[] => words.flatMap(([word, value]) => (wordsOf(name).has(word) ? [value] : []));
  const source = either('config').at(-1);
  return {
    source: source === '' || source === 'none' ? undefined : source,
    fingerprint: all('minos.config.fingerprint').at(-1),
    early: either('config.early').join(''),
    inline: either('config.inline').join(''),
    ip: all('ip').at(-1),
  };
}

function wordsOf(name: string): ReadonlySet<string> {
  return new Set([`talos.${name}`, `minos.${name}`]);
}
