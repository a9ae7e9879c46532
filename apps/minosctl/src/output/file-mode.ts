const KINDS: readonly (readonly [bit: number, letter: string])[] = [
  [31, 'd'],
  [27, 'l'],
  [26, 'b'],
  [25, 'p'],
  [24, 's'],
];
const CHARACTER_DEVICE = 21;

/** Mode bits of Go's os.FileMode as `ls -l` shows them, such as `drwxr-xr-t`; pure. */
export function modeText(mode: number): string {
  const has = (bit: number): boolean => ((mode >>> bit) & 1) === 1;
  const kind = has(CHARACTER_DEVICE) ? 'c' : (KINDS.find(([bit]) => has(bit))?.[1] ?? '-');
  const letters = [...'rwxrwxrwx'].map((letter, i) => (has(8 - i) ? letter : '-'));
  const special = (at: number, bit: number, pair: readonly [string, string]): void => {
    if (has(bit)) letters[at] = letters[at] === 'x' ? pair[0] : pair[1];
  };
  special(2, 23, ['s', 'S']);
  special(5, 22, ['s', 'S']);
  special(8, 20, ['t', 'T']);
  return kind + letters.join('');
}
