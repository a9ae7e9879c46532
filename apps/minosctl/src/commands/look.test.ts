import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { ClusterServiceDefinition } from '@minos/api/cluster';
import { DependencyEdgeType as Edge, InspectServiceDefinition } from '@minos/api/inspect';
import {
  ConnectRecord,
  type MetaWriteRequest,
  NetstatResponse,
  ConnectRecord_State as State,
  StatsResponse,
} from '@minos/api/machine';
import { TimeServiceDefinition } from '@minos/api/time';
import { Fault, Scope } from '@minos/base';
import { emitClientConfig, parseClientConfig } from '@minos/config';
import { bindService } from '@minos/rpc';
import { nodeOf, testEndpoint } from '../testing/test-cluster.ts';

const ONE = ['-n', '10.9.0.2'];

test('netstat shows sockets with what was asked for, and names nobody where nobody is known', async () => {
  await using scope = new Scope();
  const of = { l4proto: 'tcp', localip: '10.0.0.1', localport: 80, remoteip: '0.0.0.0', rxqueue: 3n, uid: 50, inode: 7n };
  const connectrecord = [
    ConnectRecord.fromPartial({ ...of, state: State.LISTEN, process: { pid: 18, name: 'node' } }),
    ConnectRecord.fromPartial({ ...of, state: State.CLOSE, process: { pid: 0 } }),
  ];
  const endpoint = await testEndpoint(scope, {
    machine: { Netstat: async () => NetstatResponse.fromPartial({ messages: [{ connectrecord }] }) },
  });
  const { code, stdout } = await endpoint.run(...ONE, 'netstat', '-l', '-p', '-x');
  expect(code).toBe(0);
  expect(stdout.split('\n').map((line) => line.split(/ {2,}/))).toEqual([
    ['NODE', 'PROTO', 'RECV-Q', 'SEND-Q', 'LOCAL ADDRESS', 'FOREIGN ADDRESS', 'STATE', 'UID', 'INODE', 'PID/PROGRAM NAME'],
    ['10.9.0.2', 'tcp', '3', '0', '10.0.0.1:80', '0.0.0.0:*', 'LISTEN', '50', '7', '18/node'],
    ['10.9.0.2', 'tcp', '3', '0', '10.0.0.1:80', '0.0.0.0:*', '50', '7', '-'],
    [''],
  ]);
});

test('stats are in megabytes, and a container stands below its pod', async () => {
  await using scope = new Scope();
  const stats = [
    { namespace: 'system', id: 'apid', podId: 'apid', memoryUsage: 71_480_000n, cpuUsage: 99n },
    { namespace: 'system', id: 'pod:main', podId: 'pod', memoryUsage: 1n, cpuUsage: 0n },
  ];
  const endpoint = await testEndpoint(scope, {
    machine: { Stats: async () => StatsResponse.fromPartial({ messages: [{ stats }] }) },
  });
  const { stdout } = await endpoint.run(...ONE, 'stats');
  expect(stdout).toMatch(/apid +71\.48 +99\n/);
  expect(stdout).toContain('└─ pod:main');
});

test('META is written by a number in either form, and by no other', async () => {
  await using scope = new Scope();
  const written: [string, MetaWriteRequest][] = [];
  const endpoint = await testEndpoint(scope, {
    machine: {
      MetaWrite: async (request, context) => {
        written.push([nodeOf(context), request]);
        return { messages: [{ metadata: undefined }] };
      },
    },
  });
  expect((await endpoint.run(...ONE, 'meta', 'write', '0x0c', 'rack 7')).code).toBe(0);
  expect((await endpoint.run(...ONE, 'meta', 'write', '13', '')).code).toBe(0);
  expect(written.map(([node, { key, value }]) => [node, key, value.toString()])).toEqual([
    ['10.9.0.2', 12, 'rack 7'],
    ['10.9.0.2', 13, ''],
  ]);
  expect((await endpoint.run(...ONE, 'meta', 'write', '0x100', 'x')).stderr).toContain('not "0x100"');
});

test('time says how far a node is ahead of its server', async () => {
  await using scope = new Scope();
  const localtime = { seconds: 1_700_000_002n, nanos: 500_000_000 };
  const remotetime = { seconds: 1_700_000_000n, nanos: 0 };
  const services = [
    bindService(TimeServiceDefinition, {
      TimeCheck: async ({ server }) => ({ messages: [{ metadata: undefined, server, localtime, remotetime }] }),
    }),
  ];
  const endpoint = await testEndpoint(scope, { services });
  const { stdout } = await endpoint.run(...ONE, 'time', '--check', '10.0.0.9');
  expect(stdout).toMatch(/10\.9\.0\.2 +10\.0\.0\.9 +2023-11-14T22:13:22\.500Z +2023-11-14T22:13:20\.000Z +2500 ms/);
});

test('health prints each check as it comes, and its failure after what came before', async () => {
  await using scope = new Scope();
  const services = [
    bindService(ClusterServiceDefinition, {
      HealthCheck: async function* ({ clusterInfo, waitTimeout }) {
        yield { metadata: undefined, message: `workers ${clusterInfo?.workerNodes.join('+')} for ${waitTimeout?.seconds} s` };
        throw new Fault('deadline', 'not healthy in time');
      },
    }),
  ];
  const endpoint = await testEndpoint(scope, { services });
  const { code, stdout, stderr } = await endpoint.run(...ONE, 'health', '--wait-timeout', '2m', '--worker-nodes', 'a,b');
  expect([code, stdout]).toEqual([1, 'workers a+b for 120 s\n']);
  expect(stderr).toContain('not healthy in time');
  expect((await endpoint.run(...ONE, 'health', '--wait-timeout', 'soon')).stderr).toContain('--wait-timeout takes a time');
});

test('the graph of controllers is one for Graphviz: arrows go the way that data goes', async () => {
  await using scope = new Scope();
  const edge = { controllerName: 'a.B', resourceNamespace: 'n', resourceId: '' };
  const edges = [
    { ...edge, edgeType: Edge.INPUT_WEAK, resourceType: 'Ins.x', resourceId: 'one' },
    { ...edge, edgeType: Edge.OUTPUT_EXCLUSIVE, resourceType: 'Outs.x' },
  ];
  const services = [
    bindService(InspectServiceDefinition, {
      ControllerRuntimeDependencies: async () => ({ messages: [{ metadata: undefined, edges }] }),
    }),
  ];
  const endpoint = await testEndpoint(scope, { services });
  const { stdout } = await endpoint.run(...ONE, 'inspect', 'dependencies');
  expect(stdout.split('\n').map((line) => line.trim())).toEqual([
    'digraph {',
    '"a.B" [shape=box];',
    '"Ins.x" [shape=note];',
    '"Outs.x" [shape=note];',
    '"Ins.x" -> "a.B" [style=dashed, label="one"];',
    '"a.B" -> "Outs.x";',
    '}',
    '',
  ]);
});

test('config new writes what the node made, with the endpoints in use, for its owner only, and replaces nothing', async () => {
  await using scope = new Scope();
  const pem = { caPem: undefined, certPem: undefined, keyPem: undefined };
  const made = emitClientConfig({ context: 'c', contexts: new Map([['c', { endpoints: [], nodes: [], ...pem, others: {} }]]) });
  const endpoint = await testEndpoint(scope, {
    machine: {
      GenerateClientConfiguration: async ({ roles, crtTtl }) => {
        expect([roles, crtTtl?.seconds]).toEqual([['os:etcd:backup', 'os:reader'], 3600n]);
        const none = Buffer.alloc(0);
        return { messages: [{ metadata: undefined, ca: none, crt: none, key: none, talosconfig: Buffer.from(made) }] };
      },
    },
  });
  const args = [...ONE, 'config', 'new', 'reader.yaml', '--roles', 'os:reader,os:etcd:backup', '--crt-ttl', '1h'];
  expect(await endpoint.run(...args)).toMatchObject({ code: 0, stdout: 'Created reader.yaml\n' });
  const config = parseClientConfig(await readFile(join(endpoint.dir, 'reader.yaml'), 'utf8'));
  expect(config.ok && config.value.contexts.get('c')?.endpoints).toEqual([`127.0.0.1:${endpoint.port}`]);
  expect((await endpoint.run(...args)).stderr).toContain('--force replaces it');
});

test('the dashboard says what to use instead where there is no terminal', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, {});
  const { code, stdout, stderr } = await endpoint.run(...ONE, 'dashboard');
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toContain('needs a terminal');
  expect(stderr).toContain('minosctl services');
  expect((await endpoint.run(...ONE, 'dashboard', '-d', '1ms')).stderr).toContain('at least 500ms');
});
