import { readdir, readFile } from 'node:fs/promises';
import type { Outcome } from './outcome.ts';

/** What a test run must not leave behind: one line for each thing of this machine that looks like ours. */
export async function takeInventory(): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (const name of await readdir('/var/run/netns').catch(() => []))
    if (name.startsWith('minos')) found.add(`namespace ${name}`);
  for (const line of (await readFile('/proc/self/mountinfo', 'utf8')).split('\n')) {
    const target = line.split(' ')[4];
    if (target !== undefined && /minos/.test(target) && !/^\/var\/run\/netns|^\/run\/netns/.test(target))
      found.add(`mount ${target}`);
  }
  for (const name of await readdir('/sys/class/net').catch(() => [])) if (name.startsWith('minos')) found.add(`link ${name}`);
  for (const pid of await readdir('/proc')) {
    if (!/^\d+$/.test(pid)) continue;
    const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).replaceAll('\0', ' ').trim();
    if (/minos-holder|\/usr\/lib\/minos\/|apps\/(machined|apid|trustd|networkd)\/src\/main\.ts/.test(command)) {
      found.add(`process ${pid} ${command}`);
    }
  }
  return found;
}

/** One test: nothing is there afterwards that was not there before. */
export function compareInventories(before: ReadonlySet<string>, after: ReadonlySet<string>): Outcome {
  const left = [...after].filter((thing) => !before.has(thing));
  return { passed: left.length === 0 ? 1 : 0, failures: left.map((thing) => `left behind: ${thing}`), skips: [] };
}
