import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/**
 * `young` frees what was made lately in about a millisecond; `full` looks at everything and gives V8's pool of free pages
 * back too, which an ordinary collection keeps (25 MB after a small burst; 20 to 30 ms).
 */
export type Collection = 'young' | 'full';

const OPTIONS = {
  young: { type: 'minor', execution: 'sync' },
  full: { type: 'major', execution: 'sync', flavor: 'last-resort' },
} as const;

/**
 * Makes a function that collects garbage at once; it does nothing where V8 hands none out. The flag is set at run time
 * because on the command line it would void V8's code cache.
 */
export function garbageCollector(): (collection: Collection) => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  return (collection) => {
    if (typeof collect === 'function') collect(OPTIONS[collection]);
  };
}
