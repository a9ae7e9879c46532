import type { FuzzInput } from './fuzz-target.ts';

/** Makes a failing input smaller while it still fails: parts are left out, larger ones first. Tries at most so many inputs. */
export async function shrinkInput(
  input: FuzzInput,
  stillFails: (candidate: FuzzInput) => Promise<boolean>,
  maxTries: number,
): Promise<FuzzInput> {
  if (typeof input === 'string') {
    const lines = await shrinkList(input.split(/(?<=\n)/), (l) => stillFails(l.join('')), maxTries / 2);
    const characters = await shrinkList([...lines.join('')], (c) => stillFails(c.join('')), maxTries / 2);
    return characters.join('');
  }
  return Buffer.from(await shrinkList([...input], (bytes) => stillFails(Buffer.from(bytes)), maxTries));
}

async function shrinkList<T>(
  list: readonly T[],
  stillFails: (part: readonly T[]) => Promise<boolean>,
  maxTries: number,
): Promise<T[]> {
  let kept = [...list];
  let tries = 0;
  for (let size = Math.ceil(kept.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < kept.length && tries < maxTries; tries++) {
      const without = [...kept.slice(0, at), ...kept.slice(at + size)];
      if (await stillFails(without)) kept = without;
      else at += size;
    }
  }
  return kept;
}
