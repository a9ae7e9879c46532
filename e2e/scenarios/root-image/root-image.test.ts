import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listAt, parseYamlDocument, textAt, textsAt } from '@minos/config';
import { type TempDir, tempDir } from '@minos/testkit';
import { mustRun, type RunResult, run } from '../../harness/run.ts';

const checkout = join(import.meta.dirname, '../../..');
const image = join(checkout, 'dist/image/rootfs.sqsh');
const DAEMONS = ['machined', 'networkd', 'apid', 'trustd'];

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

describe('every daemon is a name of the one executable, starts with the libraries that are there, and V8 accepts its code cache', () => {
  test.each(DAEMONS)('%s', async (daemon) => {
    const { code, stdout, stderr } = await inImage([`/sbin/${daemon}`, '--help']);
    // A cache that is refused is said on stderr.
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${daemon}`);
  });

  test('and it is there once', async () => {
    const links = await onImage('stat', ['-c', '%i %h', ...DAEMONS.map((name) => `sbin/${name}`)]);
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
