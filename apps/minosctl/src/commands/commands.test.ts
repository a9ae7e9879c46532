import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { expect, test } from '@jest/globals';
import { GetResponse, StateDefinition } from '@minos/api/cosi';
import {
  ApplyConfigurationRequest_Mode,
  ApplyConfigurationResponse,
  Event,
  FileInfo,
  MachineStatusEvent,
  MachineStatusEvent_MachineStage,
  ProcessesResponse,
  RebootResponse,
  ShutdownResponse,
  TaskEvent,
  VersionResponse,
} from '@minos/api/machine';
import { MachineStatusSpec, RuntimeMachineStage } from '@minos/api/resource-specs';
import { Fault, Scope } from '@minos/base';
import { bindService } from '@minos/rpc';
import { makeTar } from '../testing/make-tar.ts';
import { memberState } from '../testing/member-state.ts';
import { lost, nodeOf, testEndpoint } from '../testing/test-cluster.ts';

const ONE = ['-n', '10.9.0.2'];
const data = (text: string | Buffer) => ({ metadata: undefined, bytes: Buffer.from(text) });

test('cat prints what came before the error, and works on one node only', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Read: async function* ({ path }) {
        yield data(`of ${path}\n`);
        throw new Fault('missing', 'no more of it');
      },
    },
  });
  const one = await endpoint.run(...ONE, 'cat', '/etc/hosts');
  expect(one).toMatchObject({ code: 1, stdout: 'of /etc/hosts\n' });
  expect(one.stderr).toContain('error from node 10.9.0.2: no more of it');
  const many = await endpoint.run('cat', '/etc/hosts');
  expect(many.stderr).toContain('exactly one node, not on 3');
});

test('a file where a directory belongs, and the other way round, are told apart', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  await writeFile(join(endpoint.dir, 'taken'), '');
  const cp = await endpoint.run(...ONE, 'cp', '/etc/hosts', 'taken');
  expect(cp).toMatchObject({ code: 1, stderr: expect.stringContaining('taken is a file; name a directory') });
  const apply = await endpoint.run(...ONE, 'apply-config', '-f', '.');
  expect(apply).toMatchObject({ code: 1, stderr: expect.stringContaining('. is a directory; name the file') });
});

test('cp unpacks into a directory, or hands the archive on', async () => {
  await using scope = new Scope();
  const archive = gzipSync(makeTar([{ name: 'etc/hosts', body: '127.0.0.1 localhost\n' }]));
  const endpoint = await testEndpoint(scope, {
    machine: {
      Copy: async function* () {
        for (let at = 0; at < archive.length; at += 10) yield data(archive.subarray(at, at + 10));
      },
    },
  });
  const done = await endpoint.run(...ONE, 'cp', '/etc', 'copied');
  expect(done).toMatchObject({ code: 0, stdout: '1 files, 20 bytes in copied\n' });
  expect(await readFile(join(endpoint.dir, 'copied/etc/hosts'), 'utf8')).toBe('127.0.0.1 localhost\n');
  const again = await endpoint.run(...ONE, 'cp', '/etc', 'copied');
  expect(again.code).toBe(1);
  expect(again.stderr).toContain('etc/hosts is there already');
});

test('an archive that ends too early is an error', async () => {
  await using scope = new Scope();
  const archive = gzipSync(makeTar([{ name: 'a', body: 'x' }]));
  const endpoint = await testEndpoint(scope, {
    machine: {
      Copy: async function* () {
        yield data(archive.subarray(0, 30));
      },
    },
  });
  expect(await endpoint.run(...ONE, 'cp', '/etc', 'cut')).toMatchObject({ code: 1 });
});

test('ls shows modes as ls does, and an entry that cannot be read is an error after the others', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      List: async function* () {
        yield FileInfo.fromPartial({ name: '/tmp', relativeName: '.', mode: (2 ** 31 + 2 ** 20 + 0o777) >>> 0, isDir: true });
        yield FileInfo.fromPartial({ name: '/tmp/l', relativeName: 'l', mode: 2 ** 27 + 0o777, link: '/etc/f' });
        yield FileInfo.fromPartial({ name: '/tmp/x', relativeName: 'x', error: 'permission denied' });
      },
    },
  });
  const long = await endpoint.run(...ONE, 'ls', '-l', '/tmp');
  expect(long.code).toBe(1);
  expect(long.stdout).toMatch(/^10\.9\.0\.2 +drwxrwxrwt .* \.$/m);
  expect(long.stdout).toMatch(/^10\.9\.0\.2 +lrwxrwxrwx .* l -> \/etc\/f$/m);
  expect(long.stderr).toContain('/tmp/x: permission denied');
  expect((await endpoint.run(...ONE, 'ls', '/tmp')).stdout).toBe('.\nl\n');
});

test('processes are sorted, and the full path of what runs is shown', async () => {
  await using scope = new Scope();
  const answer = ProcessesResponse.fromPartial({
    messages: [
      {
        processes: [
          { pid: 1, command: 'init', executable: '/sbin/init', args: 'init container', residentMemory: 1000n, cpuTime: 9 },
          { pid: 7, command: 'node', executable: '/usr/bin/node', args: '/usr/bin/node x.js', residentMemory: 50_000_000n },
        ],
      },
    ],
  });
  const endpoint = await testEndpoint(scope, { machine: { Processes: async () => answer } });
  const rss = (await endpoint.run(...ONE, 'processes')).stdout.split('\n');
  expect(rss[1]).toMatch(/ 7 .* 50 MB .*\/usr\/bin\/node x\.js$/);
  expect(rss[2]).toMatch(/\/sbin\/init container$/);
  expect((await endpoint.run(...ONE, 'ps', '-s', 'cpu')).stdout.split('\n')[1]).toMatch(/\/sbin\/init container$/);
});

test('apply-config sends the file byte for byte and shows every warning and what became of it', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      ApplyConfiguration: async (request, context) => {
        if (nodeOf(context) === '10.9.0.3') throw new Fault('invalid', 'machine.colour: expected no such key');
        expect(request).toMatchObject({ dryRun: true, mode: ApplyConfigurationRequest_Mode.NO_REBOOT });
        expect(request.data.toString()).toBe('# comment\nversion: v1alpha1\n');
        return ApplyConfigurationResponse.fromPartial({
          messages: [{ warnings: ['careful'], modeDetails: 'Dry run: no changes.\n' }],
        });
      },
    },
  });
  await writeFile(join(endpoint.dir, 'node.yaml'), '# comment\nversion: v1alpha1\n');
  const done = await endpoint.run('-n', '10.9.0.2,10.9.0.3', 'apply-config', '-f', 'node.yaml', '--dry-run', '-m', 'no-reboot');
  expect(done).toMatchObject({ code: 1, stdout: '10.9.0.2: Dry run: no changes.\n' });
  expect(done.stderr).toContain('warning from node 10.9.0.2: careful');
  expect(done.stderr).toContain('error from node 10.9.0.3: machine.colour: expected no such key');
  const absent = await endpoint.run(...ONE, 'apply-config', '-f', 'absent.yaml');
  expect(absent.stderr).toContain('cannot read absent.yaml');
});

const event = (type: string, value: Uint8Array): Event =>
  Event.fromPartial({ id: 'e1', actorId: 'a1', data: { typeUrl: `talos/runtime/machine.${type}`, value: Buffer.from(value) } });
const running = event(
  'MachineStatusEvent',
  MachineStatusEvent.encode({
    stage: MachineStatusEvent_MachineStage.RUNNING,
    status: { ready: true, unmetConditions: [] },
  }).finish(),
);

test('events are shown with their names, and what is no known event is passed over', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Events: async function* () {
        yield Event.fromPartial({});
        yield event('UnheardOf', Buffer.alloc(0));
        yield running;
      },
    },
  });
  const { code, stdout } = await endpoint.run(...ONE, 'events');
  expect(code).toBe(0);
  expect(stdout.split('\n')[1]).toMatch(/^10\.9\.0\.2 +e1 +MachineStatusEvent +a1 +machine +RUNNING, ready$/);
  expect(stdout.trim().split('\n')).toHaveLength(2);
});

test('reboot is done when the node runs again under another boot id and is ready', async () => {
  await using scope = new Scope();
  let boots = 0;
  let downs = 0;
  let asked = 0;
  const spec = (ready: boolean): Buffer =>
    Buffer.from(
      MachineStatusSpec.encode({
        stage: RuntimeMachineStage.MACHINE_STAGE_RUNNING,
        status: { ready, unmetConditions: [] },
      }).finish(),
    );
  const endpoint = await testEndpoint(scope, {
    machine: {
      Version: async () => VersionResponse.fromPartial({ messages: [{ version: { tag: 'v1' } }] }),
      Reboot: async () => {
        boots += 1;
        return RebootResponse.fromPartial({ messages: [{ actorId: 'a1' }] });
      },
      Read: async function* (_request, context) {
        if (boots > 0 && downs++ < 2) lost(nodeOf(context));
        yield data(`boot-${boots}\n`);
      },
      Events: async function* (_request, context) {
        yield Event.fromPartial({});
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
      },
    },
    state: bindService(StateDefinition, {
      Get: async () => GetResponse.fromPartial({ resource: { metadata: {}, spec: { protoSpec: spec(asked++ > 0) } } }),
    }),
  });
  const done = await endpoint.run(...ONE, 'reboot', '--force');
  expect(done).toEqual({ code: 0, stdout: '10.9.0.2: restarted, ready\n', stderr: '' });
  expect({ wasDown: downs > 2, wasNotReady: asked > 1 }).toEqual({ wasDown: true, wasNotReady: true });
});

test('reboot of a node that may not be restarted says why, and --wait=false only asks', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Reboot: async (_request, context) => {
        if (nodeOf(context) === '10.9.0.3') throw new Fault('denied', 'reboot needs os:admin or os:operator');
        return RebootResponse.fromPartial({ messages: [{}] });
      },
    },
    state: memberState(),
  });
  const done = await endpoint.run('-n', '10.9.0.4,10.9.0.3', 'reboot', '--wait=false', '--yes');
  expect(done).toMatchObject({ code: 1, stdout: '10.9.0.4: asked\n' });
  expect(done.stderr).toContain('error from node 10.9.0.3: reboot needs os:admin or os:operator (denied)');
});

test('shutdown is done when the services have stopped, also when the node is gone before it says so', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {
    machine: {
      Shutdown: async () => ShutdownResponse.fromPartial({ messages: [{}] }),
      Events: async function* (_request, context) {
        yield Event.fromPartial({});
        if (nodeOf(context) === '10.9.0.3') lost('10.9.0.3');
        yield event('TaskEvent', TaskEvent.encode({ task: 'stopAllServices', action: 0 }).finish());
        await new Promise((resolve) => context.signal.addEventListener('abort', resolve, { once: true }));
      },
    },
    state: memberState(),
  });
  const done = await endpoint.run('-n', '10.9.0.4,10.9.0.3', 'shutdown', '--yes');
  expect(done.code).toBe(0);
  expect(done.stdout.trim().split('\n').sort()).toEqual(['10.9.0.3: down', '10.9.0.4: down']);
});

test('gen config makes three files that are readable by their owner only, and replaces nothing unasked', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  await mkdir(join(endpoint.dir, 'lab'));
  await writeFile(join(endpoint.dir, 'lab/talosconfig'), 'mine');
  const refused = await endpoint.run('gen', 'config', 'lab', 'https://10.9.0.2:6443', '-o', 'lab');
  expect(refused).toMatchObject({ code: 1, stdout: '' });
  expect(refused.stderr).toContain('talosconfig is there already; --force replaces it');
  const made = await endpoint.run(
    'gen',
    'config',
    'lab',
    'https://10.9.0.2:6443',
    '-o',
    'lab',
    '--force',
    '-p',
    'machine: {install: {disk: /dev/vdx}}',
  );
  expect(made).toMatchObject({ code: 0, stderr: '' });
  expect(await readFile(join(endpoint.dir, 'lab/worker.yaml'), 'utf8')).toContain('/dev/vdx');
  expect((await endpoint.run('gen', 'config', 'lab', 'http://x')).stderr).toContain('https://10.5.0.2:6443');
}, 90_000);

test('secrets that were made are used again', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  expect(await endpoint.run('gen', 'secrets')).toMatchObject({ code: 0, stdout: 'Created secrets.yaml\n' });
  for (const dir of ['one', 'two']) {
    const args = ['gen', 'config', 'lab', 'https://10.9.0.2:6443', '--with-secrets', 'secrets.yaml', '-o', dir];
    expect(await endpoint.run(...args)).toMatchObject({ code: 0 });
  }
  expect(await readFile(join(endpoint.dir, 'one/worker.yaml'))).toEqual(await readFile(join(endpoint.dir, 'two/worker.yaml')));
}, 90_000);
