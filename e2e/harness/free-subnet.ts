import { open, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasCode } from '@minos/base';
import { hasEnded } from '@minos/testkit';
import { mustRun } from './run.ts';

/** A network of 256 addresses, 10.5.<number>.0/24, that is ours until it is disposed. */
export interface ClaimedSubnet extends AsyncDisposable {
  readonly number: number;
}

/** Numbers that stories take; those below are for people, 213 and above for stories that need an address of nobody. */
const FIRST = 100;
const COUNT = 100;

/** Takes a network that neither the kernel nor another run of the stories uses. */
export async function claimSubnet(): Promise<ClaimedSubnet> {
  const used = await mustRun('ip', ['-4', 'route', 'show', 'table', 'all']);
  for (let i = 0; i < COUNT; i++) {
    const number = FIRST + ((process.pid + i) % COUNT);
    if (used.includes(`10.5.${number}.`)) continue;
    const file = join(tmpdir(), `minos-subnet-${number}`);
    if (await claim(file)) return { number, [Symbol.asyncDispose]: () => rm(file, { force: true }) };
  }
  throw new Error(`no free network between 10.5.${FIRST}.0/24 and 10.5.${FIRST + COUNT - 1}.0/24`);
}

/** Makes the file that says whose the network is; one of a process that has ended is taken over. */
async function claim(file: string): Promise<boolean> {
  for (let attempt = 0; attempt < 2; attempt++) {
    try {
      await using handle = await open(file, 'wx');
      await handle.write(String(process.pid));
      return true;
    } catch (e) {
      if (!hasCode(e, 'EEXIST')) throw e;
    }
    if (!(await isStale(file))) return false;
    await rm(file, { force: true });
  }
  return false;
}

async function isStale(file: string): Promise<boolean> {
  try {
    const [text, made] = await Promise.all([readFile(file, 'utf8'), stat(file)]);
    return text !== '' && (await hasEnded(Number(text), made.mtimeMs));
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return true;
    throw e;
  }
}
