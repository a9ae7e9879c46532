/** One promise of a port, checked on any implementation: `run` throws when it is not kept. Knows no test runner, so that it also runs inside a namespace. */
export interface ConformanceCase<S> {
  readonly name: string;
  run(subject: S): Promise<void>;
}

/** A signal that nobody aborts. */
export function neverAborted(): AbortSignal {
  return new AbortController().signal;
}

/** The first item of a stream; throws when it ends before. */
export async function first<T>(items: AsyncIterable<T>): Promise<T> {
  for await (const item of items) return item;
  throw new Error('the stream ended before its first item');
}

/** All items of a stream. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
