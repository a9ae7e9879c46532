import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { mustRun, run } from '../../harness/run.ts';

/** All that a cluster could leave on a machine, as one comparable picture. */
async function picture(dir: string): Promise<Record<string, string[]>> {
  const lines = (text: string): string[] =>
    text
      .split('\n')
      .filter((line) => line !== '')
      .sort();
  const processes: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const text = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    if (/^\/sbin\/(machined|networkd|apid|trustd)\0/.test(text) || text.includes('minos-holder') || text.includes(dir))
      processes.push(text.replaceAll('\0', ' '));
  }
  return {
    processes,
    namespaces: lines(await mustRun('lsns', ['-n', '-o', 'TYPE,COMMAND'])).filter((line) => /init|minos/.test(line)),
    mounts: lines(await readFile('/proc/self/mountinfo', 'utf8')).filter((line) => line.includes(dir) || line.includes('minos')),
    links: lines(await mustRun('ip', ['-o', 'link', 'show'])).map((line) => line.split(':')[1]?.trim() ?? ''),
    loops: lines(await mustRun('losetup', ['-l', '-n', '-O', 'BACK-FILE'])),
    routes: lines(await mustRun('ip', ['route', 'show'])),
    cgroups: lines((await run('find', ['/sys/fs/cgroup', '/run', '-type', 'd', '-name', '*minos*'])).stdout),
    files: lines((await run('find', [dir, '-maxdepth', '3'])).stdout),
  };
}

test('after down nothing is left: no process, namespace, mount, link, loop device, route, cgroup or file', async () => {
  const unused = '/nonexistent/minos-nothing';
  const before = await picture(unused);
  const cluster = await startCluster({ name: 'nothing', workers: 1 });
  try {
    const during = await picture(cluster.dir);
    expect(during['links']?.length).toBeGreaterThan(before['links']?.length ?? 0);
    expect(await cluster.down()).toMatchObject({ code: 0 });
    expect(await picture(cluster.dir)).toEqual(before);
    expect(await cluster.down()).toMatchObject({ code: 0 });
  } finally {
    await cluster[Symbol.asyncDispose]();
  }
}, 240_000);

/** The process that holds each node, by the file that it wrote. */
const holdersOf = (nodes: Cluster['nodes']): Promise<number[]> =>
  Promise.all(nodes.map(async (node) => Number(await readFile(join(node.stateDir, '../holder.pid'), 'utf8'))));

test('up after a crash of up works', async () => {
  const first = await startCluster({ name: 'crashed', workers: 0 });
  // As if up had died after it made half of everything: what it made stands, what it noted is gone.
  for (const pid of await holdersOf(first.nodes)) process.kill(pid, 'SIGKILL');
  const second = await startCluster({ name: 'crashed', workers: 0 });
  await second[Symbol.asyncDispose]();
  await first[Symbol.asyncDispose]();
}, 300_000);
