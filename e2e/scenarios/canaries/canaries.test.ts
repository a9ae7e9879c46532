import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { zstdCompressSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually, type TempDir, tempDir } from '@minos/testkit';
import { type Cluster, type ClusterNode, startCluster } from '../../harness/cluster.ts';
import { filesBelow, secretsOf, whereTold } from './search.ts';

const PASSWORDS = ['canary-of-a-file', 'canary-of-the-environment', 'canary-of-a-proxy', 'canary-of-a-registry'] as const;
const WRONG_TOKEN = 'canary.wrongtokenwrong1';
const PATCH = `debug: true
machine:
    env:
        DB_PASSWORD: ${PASSWORDS[1]}
        http_proxy: http://me:${PASSWORDS[2]}@proxy.test:3128
    files:
        - path: /var/secret
          permissions: 0o600
          op: create
          content: |
              ${PASSWORDS[0]}
    registries:
        config:
            registry.test:
                auth:
                    username: me
                    password: ${PASSWORDS[3]}
`;

let cluster: Cluster;
let dir: TempDir;
let worker: ClusterNode;
const told = new Map<string, Buffer>();
beforeAll(async () => {
  cluster = await startCluster({ name: 'canaries', workers: 1 });
  dir = await tempDir('canaries');
  const [first] = cluster.workers;
  if (first === undefined) throw new Error('no worker');
  worker = first;
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
  await dir?.[Symbol.asyncDispose]();
}, 60_000);

/** Runs a command and keeps what it told. */
async function run(...args: readonly string[]): Promise<number> {
  const { code, stdout, stderr } = await cluster.minosctl(args, { timeoutMs: 90_000, env: { MINOS_DEBUG: '1' } });
  told.set(`${told.size}: minosctl ${args.join(' ')}`, Buffer.from(`${stdout}\n${stderr}`));
  return code;
}

const lastTold = (): string => [...told.values()].at(-1)?.toString() ?? '';
const on = (node: ClusterNode): string[] => ['-n', node.address];
const configOf = (node: ClusterNode): Promise<string> => readFile(join(node.stateDir, 'config.yaml'), 'utf8');

async function write(name: string, text: string): Promise<string> {
  await writeFile(dir.file(name), text);
  return dir.file(name);
}

test('the search finds a secret that is planted, in a log, in a compressed file, in an archive, and in pieces of a key', async () => {
  const secrets = secretsOf(await configOf(cluster.controlPlane));
  expect(secrets.size).toBeGreaterThan(5);
  const config = Buffer.from(await configOf(cluster.controlPlane));
  expect(whereTold('config', config, secrets).length).toBeGreaterThan(5);
  expect(whereTold('packed', zstdCompressSync(config), secrets).length).toBeGreaterThan(5);
  const key = [...secrets].find((secret) => /^[A-Za-z0-9+/]{64}$/.test(secret)) ?? '';
  expect(whereTold('log', Buffer.from(`{"msg":"${key}"}`), secrets)).toHaveLength(1);
});

test('what is in a log is found in a bundle', async () => {
  const planted = new Set(['service state changed']);
  expect(await run(...on(worker), 'support', '-O', dir.file('control.zip'))).toBe(0);
  expect(whereTold('control', await readFile(dir.file('control.zip')), planted).length).toBeGreaterThan(0);
});

test('configurations with secrets are tried, planned, applied and refused', async () => {
  const good = await write('good.yaml', await configOf(worker));
  const patch = await write('patch.yaml', PATCH);
  expect(await run(...on(worker), 'apply-config', '-f', good, '-p', `@${patch}`, '--dry-run')).toBe(0);
  expect(await run(...on(worker), 'apply-config', '-f', good, '-p', `@${patch}`)).toBe(0);
  const now = await configOf(worker);
  for (const password of PASSWORDS) expect(now).toContain(password);
  const applied = await write('applied.yaml', now);
  expect(await run(...on(worker), 'plan', '-f', good)).toBe(0);
  expect(await run(...on(worker), 'plan', '-f', applied)).toBe(0);
  expect(await run(...on(worker), 'apply-config', '-f', good, '--dry-run')).toBe(0);
  // Wrong just where the secrets are.
  const wrong = [
    now.replace(/token: /g, 'tokne: '),
    now.replace(/token: (\S+)/g, 'token: [$1]'),
    now.replace(/password: (\S+)/, 'password: {$1: $1}'),
    now.replace(/clusterSecret: (\S+)/, 'clusterSecret: "$1'),
    now.replace(/clusterSecret: (\S+)/, 'clusterSecret: $1$1'),
    now.replace(/key: .*/, `key: ${PASSWORDS[0]}`).replace('machine:', `machine: ${PASSWORDS[1]}`),
    `${now}\n\t${PASSWORDS[0]}: {{{\n`,
  ];
  for (const [i, text] of wrong.entries()) {
    const file = await write(`wrong-${i}.yaml`, text);
    expect([i, await run(...on(worker), 'apply-config', '-f', file)]).toEqual([i, 1]);
    await run(...on(worker), 'plan', '-f', file);
    await run(...on(worker), 'apply-config', '-f', file, '--dry-run');
  }
  expect(await configOf(worker)).toBe(now);
}, 300_000);

test('a join with a wrong token, a reboot, and everything that can be asked', async () => {
  const kept = await configOf(worker);
  await writeFile(join(worker.stateDir, 'config.yaml'), kept.replace(/^( +token: ).*$/m, `$1${WRONG_TOKEN}`));
  expect(await run(...on(worker), 'reboot', '--wait=false')).toBe(0);
  const refused = async (): Promise<void> => {
    const log = await readFile(join(cluster.controlPlane.ephemeralDir, 'log/trustd.log'), 'utf8');
    expect(log).toMatch(/"reason":"invalid token"/);
  };
  await eventually(refused, { withinMs: 90_000, everyMs: 500 });
  await run(...on(worker), 'version');
  await run('-e', worker.address, ...on(worker), '--insecure', 'why');
  await writeFile(join(worker.stateDir, 'config.yaml'), kept);
  // It cannot be asked; its holder starts it again when its init is gone.
  process.kill(await worker.pid1(), 'SIGKILL');
  await eventually(async () => expect(await run(...on(worker), 'services')).toBe(0), { withinMs: 90_000, everyMs: 500 });
  for (const node of [worker, cluster.controlPlane])
    expect([await run(...on(node), 'reboot', '--force'), lastTold()]).toEqual([0, expect.stringContaining('restarted, ready')]);
  for (const command of ['why', 'sequences', 'services', 'processes', 'mounts', 'netstat', 'stats', 'memory', 'boots'])
    await run(command);
  await run('boots', '--verbose');
  for (const id of ['machined', 'networkd', 'apid', 'trustd', 'kernel']) {
    await run('logs', id);
    await run('logs', id, '--boot', '-1');
  }
  await run('dmesg', '--boot', '-1');
  for (const type of ['diagnostics', 'members', 'links', 'services', 'metakeys', 'hostnames', 'nodeaddresses'])
    await run('get', type, '-o', 'yaml');
  const events = cluster.startMinosctl(['events', '--tail', '-1']);
  await eventually(() => expect(events.stdout()).toContain('SequenceEvent'), { withinMs: 20_000 });
  told.set('events', Buffer.from(events.stdout()));
  await events[Symbol.asyncDispose]();
  expect(await run('support', '-O', dir.file('all.zip'), '--num-workers', '4')).toBe(0);
}, 400_000);

test('no secret is in anything that was told, logged, recorded or collected', async () => {
  const texts = [
    await configOf(cluster.controlPlane),
    await configOf(worker),
    await readFile(join(cluster.dir, 'secrets.yaml'), 'utf8'),
  ];
  const client = await readFile(cluster.clientConfig, 'utf8');
  const secrets = new Set([...[...texts, client].flatMap((text) => [...secretsOf(text)]), ...PASSWORDS, WRONG_TOKEN]);
  expect(secrets.size).toBeGreaterThan(12);
  const files = new Map(told);
  files.set('all.zip', await readFile(dir.file('all.zip')));
  for (const node of cluster.nodes) {
    for (const [file, bytes] of await filesBelow(node.ephemeralDir)) files.set(file, bytes);
    files.set(`console of ${node.name}`, await readFile(join(cluster.dir, 'nodes', node.name, 'console.log')));
  }
  expect([...files.keys()].filter((name) => name.endsWith('.rec')).length).toBeGreaterThan(2);
  expect([...files.keys()].filter((name) => name.endsWith('.log')).length).toBeGreaterThan(6);
  expect([...files].flatMap(([name, bytes]) => whereTold(name, bytes, secrets))).toEqual([]);
});
