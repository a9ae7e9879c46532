import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { listAt, parseYamlDocument, textAt, textsAt } from '@minos/config';
import { type TempDir, tempDir } from '@minos/testkit';
import { mustRun, type RunResult, run } from '../../harness/run.ts';

const checkout = join(import.meta.dirname, '../../..');
const image = join(checkout, 'dist/image/rootfs.sqsh');
const NODE = ['/usr/bin/node', '--max-semi-space-size=1', '--max-old-space-size=80', '--v8-pool-size=1', '--disable-sigusr1'];

/** Runs a program inside the image, mounted in a namespace that ends with the program. */
async function inImage(args: readonly string[]): Promise<RunResult> {
  await using dir: TempDir = await tempDir('root-image');
  const script = 'mount -o loop,ro "$1" "$2" && mount --rbind /dev "$2/dev" && shift && d=$1 && shift && exec chroot "$d" "$@"';
  return await run('unshare', ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', image, dir.path, ...args], {
    env: { NODE_EXTRA_CA_CERTS: '' },
  });
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

test('its Node runs with the libraries that are in it', async () => {
  const { stdout, code, stderr } = await inImage([
    ...NODE,
    '-p',
    'process.version + " " + require("node:crypto").randomUUID().length',
  ]);
  expect([code, stderr]).toEqual([0, '']);
  expect(stdout).toMatch(/^v26\.\d+\.\d+ 36\n$/);
});

describe('every daemon starts from the bundle with a code cache that V8 accepts', () => {
  test.each(['machined', 'networkd', 'apid', 'trustd'])('%s', async (program) => {
    const help = await inImage([...NODE, '/usr/lib/minos/minos.js', program, '--help']);
    expect(help).toMatchObject({ code: 0, stdout: expect.stringContaining(`Usage: ${program}`) });
    const probe = `
      const { readFileSync } = require('node:fs');
      const read = (name) => readFileSync('/usr/lib/minos/' + name);
      const cachedData = read('${program}.cache');
      const script = new (require('node:vm').Script)(read('minos.bundle.js').toString('latin1'), { cachedData });
      process.stdout.write(String(script.cachedDataRejected));`;
    expect((await inImage([...NODE, '-e', probe])).stdout).toBe('false');
  });
});

test('there is no shell in it, and it cannot be written', async () => {
  expect(named.filter((path) => /\/(sh|bash|dash|busybox|ash)$/.test(path))).toEqual([]);
  const { stdout } = await inImage([
    ...NODE,
    '-p',
    'try { require("node:fs").writeFileSync("/etc/x", ""); "written" } catch (e) { e.code }',
  ]);
  expect(stdout).toBe('EROFS\n');
});

test('a simulated machine is no part of it', async () => {
  const { code, stdout } = await inImage([...NODE, '/usr/lib/minos/minos.js', 'apid', '--simulate', '/etc/hosts']);
  expect(code).not.toBe(0);
  expect(stdout).toContain('minos-simulate/apid');
});
