import { execFile } from 'node:child_process';
import { constants } from 'node:fs';
import { open, symlink } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from '@jest/globals';
import { messageOf } from '@minos/base';
import { tempDir } from '@minos/testkit';
import { filesConformance } from '../conformance/files.conformance.ts';
import { kernelLogConformance } from '../conformance/kernel-log.conformance.ts';
import { packetsConformance } from '../conformance/packets.conformance.ts';
import { peersConformance } from '../conformance/peers.conformance.ts';
import { supervisorConformance } from '../conformance/supervisor.conformance.ts';
import { systemConformance } from '../conformance/system.conformance.ts';
import { readReport } from '../testing/case-report.ts';
import { linuxHost } from './linux-host.ts';

const run = promisify(execFile);
const TESTING = join(import.meta.dirname, '../testing');
const CHECKOUT = join(import.meta.dirname, '../../../..');
const BUILD_INIT = join(CHECKOUT, 'rootfs/init/build.sh');
const UNSHARE = ['--mount', '--uts', '--pid', '--fork', '--kill-child'];

test.each(filesConformance.map((c) => [c.name, c] as const))('files: %s', async (_name, { run: check }) => {
  await using dir = await tempDir('host-files');
  await symlink('target', dir.file('link'));
  await symlink('loop', dir.file('loop'));
  await run('mkfifo', [dir.file('fifo')]);
  await using held = await open(dir.file('fifo'), constants.O_RDWR | constants.O_NONBLOCK); // As init holds it.
  const writeFifo = async (text: string): Promise<void> => void (await held.write(text));
  await check({ files: linuxHost().files, dir: dir.path, fifo: dir.file('fifo'), writeFifo });
});

test.each(peersConformance.map((c) => [c.name, c] as const))('peers: %s', async (_name, { run: check }) => {
  await using dir = await tempDir('host-peers');
  const { promise: accepted, resolve } = Promise.withResolvers<Socket>();
  const server = createServer(resolve).listen(dir.file('socket'));
  const client = connect(dir.file('socket'));
  const expected = { pid: process.pid, uid: process.getuid?.() ?? -1, gid: process.getgid?.() ?? -1 };
  await check({ peers: linuxHost().peers, accept: () => accepted, expected });
  client.destroy();
  server.close();
});

/** Each case of a suite that ran elsewhere, and what must be true: it ran, and said nothing. */
function expectKept(report: ReadonlyMap<string, string>, names: readonly string[]): void {
  expect(names.map((name) => [name, report.get(name) ?? 'did not run'])).toEqual(names.map((name) => [name, '']));
}

test('mounts, hostname and kernel log keep to the suite in namespaces of their own', async () => {
  await using dir = await tempDir('host-system');
  const script = join(TESTING, 'system-in-namespace.ts');
  const { stderr } = await run('unshare', [...UNSHARE, '--mount-proc', process.execPath, script, dir.path, dir.file('report')]);
  expect(stderr).toBe('');
  expectKept(
    await readReport(dir.file('report')),
    [...systemConformance, ...kernelLogConformance].map((c) => c.name),
  );
}, 60_000);

test('packets keep to the suite in a network namespace of their own', async () => {
  await using dir = await tempDir('host-packets');
  const script = join(TESTING, 'packets-in-namespace.ts');
  const { stderr } = await run('unshare', ['--net', process.execPath, script, dir.file('report')]);
  expect(stderr).toBe('');
  expectKept(
    await readReport(dir.file('report')),
    packetsConformance.map((c) => c.name),
  );
}, 60_000);

test('init keeps to the suite as the supervisor of a pid namespace', async () => {
  await using dir = await tempDir('host-init');
  await using scratch = await tempDir('host-init-root');
  await run('/bin/sh', [BUILD_INIT, dir.path]);
  const inside = (path: string): string => join('/checkout', relative(CHECKOUT, path));
  const program = [inside(process.execPath), inside(join(TESTING, 'supervisor-under-init.ts')), '/report/cases'];
  const argv = [
    ...UNSHARE,
    '--net',
    '/bin/sh',
    join(TESTING, 'init-in-namespace.sh'),
    scratch.path,
    dir.path,
    CHECKOUT,
    ...program,
  ];
  // poweroff in a pid namespace ends its init by SIGINT (reboot(2)); unshare reports that as a failure.
  const ended = await run('unshare', argv, { timeout: 50_000 }).catch((e: unknown) => messageOf(e));
  const report = await readReport(dir.file('cases'));
  if (report.size === 0) throw new Error(`init ran no case: ${JSON.stringify(ended)}`);
  expectKept(
    report,
    supervisorConformance.map((c) => c.name),
  );
}, 60_000);
