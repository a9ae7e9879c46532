import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { tempDir } from '@minos/testkit';
import { linuxHost } from './linux-host.ts';

const run = promisify(execFile);

test('a process that init did not start has no supervisor', async () => {
  await using dir = await tempDir('host');
  const server = createServer().listen(dir.file('x'));
  await expect(linuxHost({ supervisorFd: 987 }).openSupervisor()).rejects.toMatchObject({ kind: 'precondition' });
  server.close();
});

test('files of another root are told without it', async () => {
  await using dir = await tempDir('host');
  await mkdir(dir.file('etc'));
  await writeFile(dir.file('etc/hostname'), 'node\n');
  const { files } = linuxHost({ root: dir.path });
  expect(await files.readText('/etc/hostname')).toBe('node\n');
  expect(await files.realPath('/etc/./hostname')).toBe('/etc/hostname');
});

test('extended attributes are read where the file system has them', async () => {
  await using dir = await tempDir('host');
  await writeFile(dir.file('labelled'), '');
  const label = await run('setfattr', ['-n', 'user.minos', '-v', 'x', dir.file('labelled')]).then(
    () => 'x',
    () => undefined, // No setfattr here, or a file system without attributes: then there are none.
  );
  expect((await linuxHost().files.attributes(dir.file('labelled'))).get('user.minos')?.toString()).toBe(label);
});

test('a host is made, and files are read, without any native add-on', async () => {
  const script = `
    const { linuxHost } = await import(${JSON.stringify(join(import.meta.dirname, 'linux-host.ts'))});
    const host = linuxHost();
    await host.files.readText('/proc/self/maps');
    const before = (await host.files.readText('/proc/self/maps')).includes('koffi.node');
    await host.files.attributes('/proc');
    const after = (await host.files.readText('/proc/self/maps')).includes('koffi.node');
    process.stdout.write(JSON.stringify({ before, after }));
  `;
  const { stdout } = await run(process.execPath, ['--input-type=module', '-e', script]);
  expect(JSON.parse(stdout)).toEqual({ before: false, after: true });
});
