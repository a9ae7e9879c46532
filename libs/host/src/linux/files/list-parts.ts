import { opendir } from 'node:fs/promises';

/** A directory with more names than this is not sorted. */
const PART = 10_000;
/** Entries that are read at once. */
const BUFFER = 1024;

/** Names in a directory, in parts: one sorted part when it is no larger than that, else parts in the order of the file system. */
export async function* listParts(path: string): AsyncGenerator<readonly string[], void, undefined> {
  let part: string[] = [];
  for await (const { name } of await opendir(path, { bufferSize: BUFFER })) {
    part.push(name);
    if (part.length <= PART) continue;
    yield part;
    part = [];
  }
  yield part.sort();
}
