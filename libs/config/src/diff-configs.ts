import { redactConfig, SecretMarks } from './redact-config.ts';

type Line = { readonly mark: ' ' | '-' | '+'; readonly text: string };

const CONTEXT_LINES = 3;
/** Beyond this many differing lines, the middle is shown as removed and added whole. */
const MAX_TABLE = 4_000_000;

/** A unified diff of two configurations, secrets replaced by marks that show whether they differ; empty when nothing does. */
export function diffConfigs(before: string, after: string): string {
  const marks = new SecretMarks();
  const lines = diffLines(redactConfig(before, marks), redactConfig(after, marks));
  if (lines.every((line) => line.mark === ' ')) return '';
  return ['--- a/config', '+++ b/config', ...hunks(lines)].join('\n').concat('\n');
}

function split(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

/** Every line of both texts, marked; what both have stands once. */
function diffLines(before: string, after: string): readonly Line[] {
  const old = split(before);
  const now = split(after);
  let head = 0;
  while (head < old.length && head < now.length && old[head] === now[head]) head += 1;
  let tail = 0;
  while (tail < old.length - head && tail < now.length - head && old.at(-1 - tail) === now.at(-1 - tail)) tail += 1;
  const same = (text: string): Line => ({ mark: ' ', text });
  const middle = middleLines(old.slice(head, old.length - tail), now.slice(head, now.length - tail));
  return [...old.slice(0, head).map(same), ...middle, ...old.slice(old.length - tail).map(same)];
}

function middleLines(old: readonly string[], now: readonly string[]): readonly Line[] {
  const removed = (text: string): Line => ({ mark: '-', text });
  const added = (text: string): Line => ({ mark: '+', text });
  if (old.length * now.length > MAX_TABLE) return [...old.map(removed), ...now.map(added)];
  const table = commonLengths(old, now);
  const width = now.length + 1;
  const lines: Line[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < now.length) {
    const oldLine = old[i];
    const newLine = now[j];
    if (oldLine !== undefined && oldLine === newLine) {
      lines.push({ mark: ' ', text: oldLine });
      i += 1;
      j += 1;
    } else if (
      newLine === undefined ||
      (oldLine !== undefined && (table[(i + 1) * width + j] ?? 0) >= (table[i * width + j + 1] ?? 0))
    ) {
      lines.push(removed(oldLine ?? ''));
      i += 1;
    } else {
      lines.push(added(newLine));
      j += 1;
    }
  }
  return lines;
}

/** Length of the longest common subsequence of the rests from each pair of lines on. */
function commonLengths(old: readonly string[], now: readonly string[]): Uint16Array {
  const width = now.length + 1;
  const table = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      const down = table[(i + 1) * width + j] ?? 0;
      const right = table[i * width + j + 1] ?? 0;
      table[i * width + j] = old[i] === now[j] ? (table[(i + 1) * width + j + 1] ?? 0) + 1 : Math.max(down, right);
    }
  }
  return table;
}

function hunks(lines: readonly Line[]): readonly string[] {
  const wanted = new Set<number>();
  lines.forEach((line, i) => {
    if (line.mark !== ' ') for (let k = i - CONTEXT_LINES; k <= i + CONTEXT_LINES; k++) wanted.add(k);
  });
  const out: string[] = [];
  let oldAt = 1;
  let newAt = 1;
  for (let i = 0; i < lines.length; ) {
    const start = i;
    while (i < lines.length && wanted.has(i)) i += 1;
    const part = lines.slice(start, i);
    const count = (mark: '-' | '+'): number => part.filter((line) => line.mark === ' ' || line.mark === mark).length;
    if (part.length > 0) {
      out.push(`@@ -${oldAt},${count('-')} +${newAt},${count('+')} @@`, ...part.map((line) => line.mark + line.text));
    }
    oldAt += count('-');
    newAt += count('+');
    if (i < lines.length && !wanted.has(i)) {
      oldAt += 1;
      newAt += 1;
      i += 1;
    }
  }
  return out;
}
