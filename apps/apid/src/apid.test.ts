import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { HealthDefinition } from '@minos/api/health';
import { MachineServiceDefinition } from '@minos/api/machine';
import { APIServiceConfigSpec } from '@minos/api/resource-specs';
import { Scope, silentLogger, systemClock } from '@minos/base';
import { normalizePrivateKeyPem } from '@minos/pki';
import {
  allResourceTypes,
  apiCertificatesType,
  apiServiceConfigType,
  bindStateService,
  daemonPolicy,
  hostnameStatusType,
  MemoryState,
  nodeAddressType,
} from '@minos/resource';
import { client, dial, serve } from '@minos/rpc';
import { eventually, tempDir } from '@minos/testkit';
import { testMachine } from './testing/machine.ts';
import { certificates } from './testing/node.ts';
import { clientCertificate, testAuthority } from './testing/pki.ts';

const ca = testAuthority();

/** machined's side: its API, and the state on apid's socket. */
async function machined(dir: string, startCount: number, port: number): Promise<AsyncDisposable> {
  const state = new MemoryState({ clock: systemClock, startCount });
  const writer = state.as('machined');
  await writer.put(apiServiceConfigType, 'apid', APIServiceConfigSpec.fromPartial({ listenAddress: `127.0.0.1:${port}` }));
  await writer.put(apiCertificatesType, 'api', certificates(ca, ['127.0.0.1'], false));
  const readable = [apiServiceConfigType, apiCertificatesType, nodeAddressType, hostnameStatusType];
  const policy = daemonPolicy({ readable, owned: [] });
  const stop = new AbortController();
  const service = bindStateService({ state, types: allResourceTypes, policy, emitYaml: () => '', until: stop.signal });
  const listen = (path: string) => ({ kind: 'unix', path: join(dir, path) }) as const;
  const servers = [
    await serve({ listen: listen('system/run/apid/runtime.sock'), services: [service], log: silentLogger }),
    await serve({
      listen: listen('system/run/machined/machine.sock'),
      services: [testMachine(`start ${startCount}`)],
      log: silentLogger,
    }),
  ];
  return {
    [Symbol.asyncDispose]: async () => {
      stop.abort();
      await Promise.all(servers.map((server) => server[Symbol.asyncDispose]()));
    },
  };
}

function startApid(dir: string): { child: ChildProcess; ready: Promise<void>; ended: Promise<number | null>; port(): number } {
  const main = join(import.meta.dirname, 'main.ts');
  const child = spawn(process.execPath, [main, '--run-dir', dir], {
    env: { PATH: process.env['PATH'], READY_FD: '3' },
    stdio: ['ignore', 'pipe', 'inherit', 'pipe'],
  });
  let output = '';
  child.stdout?.on('data', (bytes: Buffer) => {
    output += bytes.toString('utf8');
  });
  return {
    child,
    ready: new Promise((resolve) => child.stdio[3]?.once('data', () => resolve())),
    ended: new Promise((resolve) => child.once('exit', resolve)),
    port: () => Number(/"port":(\d+)/.exec(output)?.[1]),
  };
}

test('as a process it serves what machined says, and machined may come and go', async () => {
  await using scope = new Scope();
  const dir = scope.use(await tempDir('apid-process')).path;
  const first = await machined(dir, 1, 0);
  const apid = startApid(dir);
  scope.use(() => void apid.child.kill('SIGKILL'));
  await apid.ready;
  const { certPem, keyPem } = clientCertificate(ca, ['os:reader']);
  const tls = { ca: ca.certPem, cert: certPem, key: normalizePrivateKeyPem(keyPem) };
  const api = client(scope.use(dial({ kind: 'tcp', host: '127.0.0.1', port: apid.port(), tls })), MachineServiceDefinition);
  expect((await api.Version({})).messages[0]?.version?.tag).toBe('start 1');
  const health = client(scope.use(dial({ kind: 'unix', path: join(dir, 'system/run/apid/apid.sock') })), HealthDefinition);
  expect((await health.Check({ service: '' })).status).toBe(1);
  await first[Symbol.asyncDispose]();
  const waiting = eventually(() => api.Version({}), { withinMs: 10_000 });
  scope.use(await machined(dir, 2, apid.port()));
  expect((await waiting).messages[0]?.version?.tag).toBe('start 2');
  apid.child.kill('SIGTERM');
  expect(await apid.ended).toBe(0);
}, 40_000);
