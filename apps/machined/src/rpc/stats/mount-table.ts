import { words } from './count.ts';

/** One line of the table of mounts. */
export interface MountLine {
  readonly source: string;
  readonly target: string;
  readonly fsType: string;
}

/** Parses /proc/self/mounts (fstab(5)): blanks, tabs, newlines and backslashes stand there as octal escapes. Pure. */
export function parseMounts(text: string): MountLine[] {
  return text
    .split('\n')
    .map(words)
    .filter((fields) => fields.length >= 3)
    .map(([source = '', target = '', fsType = '']) => ({
      source: withoutEscapes(source),
      target: withoutEscapes(target),
      fsType,
    }));
}

function withoutEscapes(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 8)));
}
