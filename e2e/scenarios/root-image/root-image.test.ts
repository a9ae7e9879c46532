import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listAt, parseYamlDocument, textAt, textsAt } from '@minos/config';
import { type TempDir, tempDir } from '@minos/testkit';
import { mustRun, type RunResult, run } from '../../harness/run.ts';

const checkout = join(import.meta.dirname, '../../..');
const image = join(checkout, 'dist/image/rootfs.sqsh');
const DAEMONS = ['machined', 'networkd', 'apid', 'trustd'];
const POWER = ['poweroff', 'shutdown', 'reboot'];

const MOUNT = 'mount -o loop,ro "$1" "$2" && mount --rbind /dev "$2/dev" && cd "$2" && shift 2 && ';

/** Runs a program inside the image, mounted in a namespace that ends with the program. */
function inImage(args: readonly string[]): Promise<RunResult> {
  return withImage('exec chroot . "$@"', args);
}

/** Runs a program of this machine in the folder where the image is mounted. */
function onImage(program: string, args: readonly string[]): Promise<RunResult> {
  return withImage('exec "$@"', [program, ...args]);
}

async function withImage(script: string, args: readonly string[]): Promise<RunResult> {
  await using dir: TempDir = await tempDir('root-image');
  const mounted = ['--mount', '--propagation', 'private', 'sh', '-c', `${MOUNT}${script}`, 'sh', image, dir.path];
  return await run('unshare', [...mounted, ...args], { env: { NODE_EXTRA_CA_CERTS: '' } });
}

/** A line of manifest.json. */
interface Row {
  readonly path: string;
  readonly type: string;
  readonly sha256?: string;
}

let named: readonly string[];
beforeAll(async () => {
  const text = await readFile(join(checkout, 'rootfs/image.yaml'), 'utf8');
  const document = parseYamlDocument(text);
  named = listAt(document.ok ? document.value : {}, 'entries').flatMap((entry) => {
    const path = textAt(entry, 'path') ?? '';
    const files = textsAt(entry, 'files');
    return files.length > 0 ? files.map((name) => `${path}/${name}`) : [path];
  });
});

test('the image has exactly what image.yaml names', async () => {
  const listing = await mustRun('unsquashfs', ['-d', '', '-l', image]);
  const inside = listing.split('\n').filter((line) => line.startsWith('/') && line !== '/');
  // The modules are named in rootfs/modules.yaml; the image has also what they need.
  const isModule = (path: string): boolean => path.startsWith('/lib/modules/');
  expect(inside.filter(isModule).length).toBeGreaterThan(500);
  expect(inside.filter((path) => !isModule(path)).sort()).toEqual([...named].sort());
});

test('every file in it has the content that manifest.json tells', async () => {
  const rows: readonly Row[] = JSON.parse(await readFile(join(checkout, 'dist/image/manifest.json'), 'utf8'));
  const files = rows.filter(({ type }) => type === 'file');
  const { stdout } = await onImage('find', [
    'bin',
    'etc',
    'lib',
    'lib64',
    'sbin',
    'usr',
    '-type',
    'f',
    '-exec',
    'sha256sum',
    '{}',
    '+',
  ]);
  const found = stdout
    .trim()
    .split('\n')
    .map((line) => `${line.slice(0, 64)} /${line.slice(66)}`);
  expect(found.sort()).toEqual(files.map(({ path, sha256 }) => `${sha256} ${path}`).sort());
});

test('the other programs in it start with the libraries and the files that are there', async () => {
  const release = (await onImage('ls', ['lib/modules'])).stdout.trim();
  const wanted: readonly (readonly [RegExp, string, ...string[]])[] = [
    [/^containerd /, '/bin/containerd', '--version'],
    [/containerd-shim-runc-v2/, '/bin/containerd-shim-runc-v2', '-v'],
    [/^runc version/, '/bin/runc', '--version'],
    [/^kmod version/, '/sbin/kmod', '--version'],
    [/kernel\/fs\/overlayfs\/overlay\.ko/, '/sbin/modprobe', '--set-version', release, '--show-depends', 'overlay'],
    [/bridge\.ko[\s\S]*br_netfilter\.ko/, '/sbin/modprobe', '--set-version', release, '--show-depends', 'br_netfilter'],
    [
      /ena\.ko/,
      '/sbin/modprobe',
      '--set-version',
      release,
      '--show-depends',
      'pci:v00001D0Fd0000EC20sv00000000sd00000000bc00sc00i00',
    ],
    [/^ +LVM version/, '/sbin/lvm', 'version'],
    [/Library version/, '/sbin/dmsetup', '--version'],
    [/^252/, '/sbin/udevadm', '--version'],
    [/^252/, '/sbin/systemd-udevd', '--version'],
    [/^mkfs\.xfs version/, '/sbin/mkfs.xfs', '-V'],
    [/^xfs_repair version/, '/sbin/xfs_repair', '-V'],
    [/^iptables v.*nf_tables/, '/sbin/iptables', '--version'],
    [/^ip6tables-restore v.*nf_tables/, '/sbin/ip6tables-restore', '--version'],
  ];
  for (const [text, ...args] of wanted) {
    const { stdout, stderr } = await inImage(args);
    expect({ args, said: stdout + stderr }).toEqual({ args, said: expect.stringMatching(text) });
  }
});

test('rules of iptables find their plug-ins', async () => {
  for (const plugin of [
    'comment',
    'conntrack',
    'set',
    'multiport',
    'statistic',
    'addrtype',
    'MASQUERADE',
    'DNAT',
    'MARK',
    'REJECT',
    'LOG',
  ]) {
    const flag = plugin === plugin.toUpperCase() ? '-j' : '-m';
    expect({ plugin, code: (await inImage(['/sbin/iptables', flag, plugin, '--help'])).code }).toEqual({ plugin, code: 0 });
  }
  expect((await inImage(['/sbin/iptables', '-m', 'nothing', '--help'])).code).toBe(2);
});

describe('every program of ours is a name of the one executable, starts with the libraries that are there, and V8 accepts its code cache', () => {
  test.each([...DAEMONS, ...POWER])('%s', async (daemon) => {
    const { code, stdout, stderr } = await inImage([`/sbin/${daemon}`, '--help']);
    // A cache that is refused is said on stderr.
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${daemon}`);
  });

  test('and it is there once', async () => {
    const links = await onImage('stat', ['-c', '%i %h', ...[...DAEMONS, ...POWER].map((name) => `sbin/${name}`)]);
    expect(new Set(links.stdout.trim().split('\n')).size).toBe(1);
  });
});

test('no other name makes it anything, and it runs nothing that it is given', async () => {
  const { code, stderr } = await onImage('bash', ['-c', 'exec -a node sbin/machined --version']);
  expect({ code, stderr }).toEqual({ code: 100, stderr: expect.stringContaining('this is no program') });
  expect(await inImage(['/sbin/apid', '--version'])).toMatchObject({ code: 100, stdout: '' });
});

test('there is no shell in it and no interpreter, and it cannot be written', async () => {
  expect(named.filter((path) => /\/(sh|bash|dash|busybox|ash|node|python\d*|perl)$/.test(path))).toEqual([]);
  expect(await onImage('touch', ['etc/x'])).toMatchObject({ code: 1, stderr: expect.stringContaining('Read-only file system') });
});

test('a simulated machine is no part of it', async () => {
  const { code, stdout } = await inImage(['/sbin/apid', '--simulate', '/etc/hosts']);
  expect(code).not.toBe(0);
  expect(stdout).toContain('minos-simulate/apid');
});
