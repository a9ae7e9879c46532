import { createHash } from 'node:crypto';
import { copyFile, mkdir, open, readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type TempDir, tempDir } from '@minos/testkit';
import { mustRun, run } from '../../harness/run.ts';

const checkout = resolve(import.meta.dirname, '../../..');
const DAEMONS = ['machined', 'networkd', 'apid', 'trustd'];
/** Where a code cache has the hash of V8's flags. */
const FLAG_HASH_OFFSET = 12;
const env = { NODE_EXTRA_CA_CERTS: '' };

let dir: TempDir;
beforeAll(async () => {
  dir = await tempDir('one-executable');
  await build(checkout, dir.file('first'));
  await build(dir.file('another/place/with-a-longer-name'), dir.file('second'));
}, 400_000);
afterAll(async () => {
  await dir?.[Symbol.asyncDispose]();
});

/** Builds from a path at which the checkout is seen. */
async function build(path: string, outDir: string): Promise<void> {
  await mkdir(path, { recursive: true });
  const script = 'mount --bind "$1" "$2" && cd "$2" && exec "$3" tools/build/bundle.ts --programs "$4"';
  const args = ['--mount', '--propagation', 'private', 'sh', '-c', script, 'sh', checkout, path, process.execPath, outDir];
  await mustRun('unshare', args, { timeoutMs: 180_000 });
}

async function hashes(folder: string): Promise<Readonly<Record<string, string>>> {
  const names = (await readdir(folder)).filter((name) => /\.(js|cache)$/.test(name));
  const files = [...names, 'sbin/machined', 'usr/lib/minos/koffi.node', 'usr/lib/minos/netlink.node'];
  const rows = files.map(async (name) => {
    return [
      name,
      createHash('sha256')
        .update(await readFile(join(folder, name)))
        .digest('hex'),
    ] as const;
  });
  return Object.fromEntries(await Promise.all(rows));
}

test('built from two paths it is the same, with everything that is in it', async () => {
  const first = await hashes(dir.file('first'));
  expect(Object.keys(first).filter((name) => name.endsWith('.cache'))).toHaveLength(DAEMONS.length);
  expect(await hashes(dir.file('second'))).toEqual(first);
});

test('V8 accepts the code cache of each program', async () => {
  for (const name of DAEMONS) {
    const { code, stdout, stderr } = await run(dir.file(`first/sbin/${name}`), ['--help'], { env });
    expect({ name, code, stderr }).toEqual({ name, code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: ${name}`);
  }
});

test('a code cache that does not fit is refused, said and done without', async () => {
  const other = dir.file('other/sbin/apid');
  await mkdir(dirname(other), { recursive: true });
  await copyFile(dir.file('first/sbin/machined'), other);
  const at = (await readFile(other)).indexOf((await readFile(dir.file('first/apid.cache'))).subarray(0, 4096)) + FLAG_HASH_OFFSET;
  await using file = await open(other, 'r+');
  const { buffer } = await file.read(Buffer.alloc(1), 0, 1, at);
  await file.write(Buffer.of((buffer[0] ?? 0) ^ 1), 0, 1, at);
  await file.close();
  const { code, stdout, stderr } = await run(other, ['--help'], { env });
  expect({ code, stderr }).toEqual({ code: 0, stderr: 'apid: the code cache was refused\n' });
  expect(stdout).toContain('Usage: apid');
}, 60_000);
