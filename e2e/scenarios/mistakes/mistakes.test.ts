import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { clientCertificate, clientConfigWith, clusterAuthority } from '../../harness/cluster-pki.ts';

const HOUR_MS = 3_600_000;

let cluster: Cluster;
let worker: ClusterNode;
let cp: string;
beforeAll(async () => {
  cluster = await startCluster({ name: 'mistakes', workers: 1 });
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
  cp = cluster.controlPlane.address;
  await writeFile(join(cluster.dir, 'empty.yaml'), '');
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

/** Runs a command that must fail, and hands back what it said, which is never a trace. */
async function failing(code: number, ...args: string[]): Promise<string> {
  const result = await cluster.minosctl(args, { cwd: cluster.dir });
  expect(result.code).toBe(code);
  expect(result.stderr).not.toMatch(/^\s+at |node:internal|undefined|\[object/m);
  return result.stderr;
}

test('a word that is no command, no option or no choice is told with what was meant', async () => {
  expect(await failing(2, 'versoin')).toContain('did you mean "version"?');
  expect(await failing(2, 'version', '--nodse', 'x')).toContain('did you mean "--nodes"?');
  expect(await failing(2, '-n', cp, 'service', 'apid', 'bounce')).toContain('is one of status, start, stop, restart');
  expect(await failing(2, 'logs')).toContain('<id> is missing');
  expect(await failing(2, 'apply-config')).toContain('option --file <file> is needed');
  expect(await failing(2, 'logs', 'apid', '--tail', 'x')).toContain('takes a whole number');
});

test('a node that is not there, has a wrong name or a port is told as such', async () => {
  expect(await failing(1, '-n', cp.replace(/\d+$/, '250'), 'version')).toMatch(
    /unavailable\)\n {2}at: endpoint → .*\n {2}next: minosctl get members/,
  );
  expect(await failing(1, '-n', 'no-such-node', 'version')).toMatch(/the endpoint cannot resolve that name/);
  expect(await failing(1, '-n', `${cp}:50000`, 'version')).toContain('a node is named without a port');
  expect(await failing(1, '-e', worker.address, '-n', cp, 'version')).toContain('go through a control plane');
  expect(await failing(1, 'cat', '/etc/hosts')).toContain('cat works on exactly one node');
}, 60_000);

test('what a node does not have is named, with where to look', async () => {
  expect(await failing(1, '-n', cp, 'get', 'unicorns')).toContain('minosctl get resourcedefinitions lists what is');
  expect(await failing(1, '-n', cp, 'get', 'links', 'eth9')).toContain('(missing)');
  expect(await failing(1, '-n', cp, 'logs', 'unicorn')).toContain('minosctl services lists what has a log');
  expect(await failing(1, '-n', cp, 'service', 'unicorn')).toContain('minosctl services lists them');
  expect(await failing(1, '-n', cp, 'cat', '/no/such')).toContain('no such file or directory');
  expect(await failing(1, '-n', cp, 'cat', 'etc/hosts')).toContain('must be absolute');
  expect(await failing(1, '-n', cp, 'cat', '/etc')).toContain('is a directory');
});

test('a configuration that is empty, a directory, wrong, or of another kind of machine is refused', async () => {
  expect(await failing(1, '-n', cp, 'apply-config', '-f', 'empty.yaml')).toContain('empty.yaml is empty');
  expect(await failing(1, '-n', cp, 'apply-config', '-f', '.')).toContain('is a directory');
  expect(await failing(1, '-n', cp, 'apply-config', '-f', 'nowhere.yaml')).toContain('no such file');
  const ofWorker = join(worker.stateDir, 'config.yaml');
  for (const mode of ['auto', 'no-reboot', 'reboot', 'staged']) {
    expect(await failing(1, '-n', cp, 'apply-config', '-f', ofWorker, '-m', mode)).toMatch(
      /machine\.type is controlplane on this node|this is the configuration of a worker/,
    );
  }
  const stored = await readFile(join(cluster.controlPlane.stateDir, 'config.yaml'), 'utf8');
  expect(stored).toContain('type: controlplane');
});

test('a copy does not overwrite what is there', async () => {
  await writeFile(join(cluster.dir, 'taken'), 'mine');
  expect(await failing(1, '-n', cp, 'cp', '/etc/os-release', 'taken')).toContain('taken is a file; name a directory');
  expect(await cluster.minosctl(['-n', cp, 'cp', '/etc/os-release', 'copied'], { cwd: cluster.dir })).toMatchObject({ code: 0 });
  expect(await failing(1, '-n', cp, 'cp', '/etc/os-release', 'copied')).toContain('is there already');
});

test('what holds the node up is not stopped, and the rest is restarted', async () => {
  expect(await failing(1, '-n', cp, 'service', 'apid', 'stop')).toContain('restart it instead');
  expect(await failing(1, '-n', cp, 'service', 'machined', 'stop')).toContain('use shutdown or reboot');
  expect(await failing(1, '-n', cp, 'service', 'machined', 'restart')).toContain('use reboot');
  for (const id of ['trustd', 'networkd', 'apid']) {
    await eventually(
      async () => expect(await cluster.minosctl(['-n', cp, 'service', id, 'restart'])).toMatchObject({ code: 0 }),
      {
        withinMs: 10_000,
        everyMs: 200,
      },
    );
  }
  const running = async (): Promise<void> => {
    const { stdout } = await cluster.minosctl(['-n', cp, 'services']);
    expect(stdout.match(/ Running +OK /g)).toHaveLength(4);
  };
  await eventually(running, { withinMs: 15_000, everyMs: 250 });
}, 60_000);

test('a certificate that is too weak or too old is told, not only refused', async () => {
  const ca = await clusterAuthority(cluster);
  const as = async (name: string, options: Partial<Parameters<typeof clientCertificate>[0]>): Promise<string> => {
    const file = join(cluster.dir, name);
    await writeFile(file, await clientConfigWith(cluster, clientCertificate({ ca, roles: ['os:admin'], ...options })));
    return file;
  };
  const reader = await as('reader', { roles: ['os:reader'] });
  expect(await failing(1, '--minosconfig', reader, '-n', worker.address, 'reboot')).toContain('your certificate has os:reader');
  expect(await failing(1, '--minosconfig', reader, '-n', worker.address, 'get', 'mc')).toContain('not authorized');
  const expired = await as('expired', { notBeforeMs: Date.now() - 2 * HOUR_MS, ttlMs: HOUR_MS });
  expect(await failing(1, '--minosconfig', expired, '-n', cp, 'version')).toMatch(
    /^warning: the certificate of context .* expired at /,
  );
  const ofServer = await as('server', { usages: ['serverAuth'] });
  expect(await failing(1, '--minosconfig', ofServer, '-n', cp, 'version')).toContain('is not one for clients alone');
});

test('Ctrl-C ends what follows, quietly', async () => {
  await using following = cluster.startMinosctl(['-n', `${cp},${worker.address}`, 'logs', '-f', 'machined', '--tail', '1']);
  await eventually(() => expect(following.stdout()).toContain(worker.address), { withinMs: 10_000 });
  process.kill(following.pid, 'SIGINT');
  expect(await following.ended).toMatchObject({ code: 0, stderr: '' });
}, 30_000);
