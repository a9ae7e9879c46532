import { readdir, readFile, writeFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { Resource, ResourceDefinitionSpec, StateDefinition } from '@minos/api/cosi';
import { InspectServiceDefinition } from '@minos/api/inspect';
import { BootsResponse, WhyResponse } from '@minos/api/minos';
import { MachineConfigSpec } from '@minos/api/resource-specs';
import { Fault, Scope } from '@minos/base';
import { bindService, type CallContext } from '@minos/rpc';
import { readZip } from '../testing/read-zip.ts';
import { lost, NODES, nodeOf, type TestNodes, testEndpoint } from '../testing/test-cluster.ts';

const [ONE = '', TWO = '', DOWN = ''] = NODES;
const CONFIG = 'machine:\n  token: canary-token\n  type: worker\n';
const CONFIG_BYTES = Buffer.from(MachineConfigSpec.encode({ yamlMarshalled: Buffer.from(CONFIG) }).finish());
const DEFINITIONS = [
  { resourceType: 'Members.cluster.talos.dev', defaultNamespace: 'cluster', sensitivity: '' },
  { resourceType: 'OSRoots.secrets.talos.dev', defaultNamespace: 'secrets', sensitivity: 'sensitive' },
  { resourceType: 'MachineConfigs.config.talos.dev', defaultNamespace: 'config', sensitivity: 'sensitive' },
];
const SPECS: Readonly<Record<string, string>> = {
  'Members.cluster.talos.dev': 'hostname: worker\n',
  'OSRoots.secrets.talos.dev': 'key: canary-key\n',
  'MachineConfigs.config.talos.dev': `|\n    ${CONFIG.replaceAll('\n', '\n    ')}\n`,
};

function upOnly(context: CallContext): void {
  if (nodeOf(context) === DOWN) lost(DOWN);
}

const empty = async (_: unknown, context: CallContext) => {
  upOnly(context);
  return { messages: [] };
};

function cluster(): TestNodes {
  const resource = (namespace: string, type: string, id: string, spec: { protoSpec?: Buffer; yamlSpec?: string }) =>
    Resource.fromPartial({ metadata: { namespace, type, id, version: '1', phase: 'running' }, spec });
  const state = bindService(StateDefinition, {
    Get: async () => ({
      resource: resource('cluster', 'Infos.cluster.talos.dev', 'current', { yamlSpec: 'clusterName: ../home\n' }),
    }),
    List: async function* ({ namespace, type }, context) {
      upOnly(context);
      if (namespace === 'meta') {
        for (const definition of DEFINITIONS) {
          const isSensitive = definition.sensitivity === 'sensitive';
          const spec = ResourceDefinitionSpec.fromPartial({ ...definition, sensitivity: isSensitive ? 1 : 0 });
          const protoSpec = Buffer.from(ResourceDefinitionSpec.encode(spec).finish());
          yield { resource: resource('meta', 'ResourceDefinitions.meta.cosi.dev', definition.resourceType, { protoSpec }) };
        }
        return;
      }
      const protoSpec = type.startsWith('MachineConfigs') ? CONFIG_BYTES : Buffer.alloc(0);
      yield { resource: resource(namespace, type, 'one', { yamlSpec: SPECS[type] ?? '', protoSpec }) };
    },
  });
  return {
    state,
    services: [bindService(InspectServiceDefinition, { ControllerRuntimeDependencies: empty })],
    diagnosis: {
      Boots: async () => BootsResponse.fromPartial({ boots: [{ boot: 0 }, { boot: -1, logs: ['apid', 'kernel'] }] }),
      BootLog: async ({ boot, service }) => ({ bytes: Buffer.from(`${service} of boot ${boot}\n`) }),
      Why: async () => WhyResponse.fromPartial({ nodes: [{ id: 'machine', isMet: true, summary: 'all is well' }] }),
      Sequences: async () => ({ sequences: [] }),
    },
    machine: {
      ...{ Version: empty, Mounts: empty, DiskStats: empty, Processes: empty, Memory: empty, Netstat: empty },
      ...{ Containers: empty, Stats: empty },
      ServiceList: async (_, context) => {
        upOnly(context);
        return {
          messages: [{ metadata: undefined, services: [{ id: 'apid', state: 'Running', events: undefined, health: undefined }] }],
        };
      },
      LogsContainers: async () => ({ messages: [{ metadata: undefined, ids: ['apid', 'machined'] }] }),
      Logs: async function* ({ id }) {
        yield { metadata: undefined, bytes: Buffer.from(`log of ${id}\n`) };
      },
      Dmesg: async function* (_, context) {
        yield { metadata: undefined, bytes: Buffer.from('kernel\n') };
        if (nodeOf(context) === TWO) throw new Fault('denied', 'not authorized');
      },
      // biome-ignore lint/correctness/useYield: it fails before its first message.
      Read: async function* () {
        throw new Fault('missing', 'no such file');
      },
    },
  };
}

test('support makes one zip of all nodes; a node that is down is named in it, and the exit code says so', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, cluster());
  const { code, stdout, stderr } = await endpoint.run('support', '--num-workers', '4');
  expect([code, stdout]).toEqual([1, expect.stringMatching(/^\d+ files of 3 nodes in support-__home\.zip, /)]);
  expect((await readdir(endpoint.dir)).filter((file) => file.startsWith('.minosctl') || file.includes('.part'))).toEqual([]);
  const files = readZip(await readFile(`${endpoint.dir}/support-__home.zip`));
  expect([...files.keys()].filter((file) => file.startsWith(ONE)).map((file) => file.slice(ONE.length + 1))).toEqual([
    'boots.yaml',
    'containers',
    'dependencies.dot',
    'dmesg.boot-1.log',
    'dmesg.log',
    'io',
    'memory',
    'mounts',
    'netstat',
    'processes',
    'resources/machineconfigs.config.talos.dev.yaml',
    'resources/members.cluster.talos.dev.yaml',
    'resources/osroots.secrets.talos.dev.yaml',
    'sequences.yaml',
    'service-logs/apid.boot-1.log',
    'service-logs/apid.log',
    'service-logs/apid.state',
    'service-logs/machined.log',
    'service-logs/machined.state',
    'services',
    'stats',
    'summary',
    'why.txt',
    'why.yaml',
  ]);
  expect(files.get(`${ONE}/service-logs/apid.boot-1.log`)).toBe('apid of boot -1\n');
  expect(files.get(`${ONE}/resources/members.cluster.talos.dev.yaml`)).toContain('hostname: worker');
  expect(files.get(`${ONE}/resources/osroots.secrets.talos.dev.yaml`)).toContain('id: one');
  expect(files.get(`${ONE}/resources/machineconfigs.config.talos.dev.yaml`)).toContain('type: worker');
  for (const text of files.values()) expect(text).not.toContain('canary');
  // What had come before the failure is there.
  expect(files.get(`${TWO}/dmesg.log`)).toBe('kernel\n');
  expect(files.get('errors.txt')?.split('\n')).toEqual([
    `${TWO}: dmesg.log: not authorized (denied)`,
    `${DOWN}: nothing collected: connect ECONNREFUSED ${DOWN}:50000 (unavailable)`,
    '',
  ]);
  expect(files.get('summary.txt')).toContain('not there: devices: no such file (missing)');
  expect(stderr).toContain(`error from node ${DOWN}: connect ECONNREFUSED`);
});

test('a file that is there is not replaced unless somebody says so', async () => {
  await using scope = new Scope();
  const endpoint = await testEndpoint(scope, cluster());
  await writeFile(`${endpoint.dir}/mine.zip`, 'mine');
  const refused = await endpoint.run('-n', ONE, 'support', '-O', 'mine.zip');
  expect([refused.code, refused.stderr]).toEqual([
    1,
    'error: mine.zip is there already; name another file with --output, or replace it with --force',
  ]);
  expect(await readFile(`${endpoint.dir}/mine.zip`, 'utf8')).toBe('mine');
  expect(await endpoint.run('-n', ONE, 'support', '-O', 'mine.zip', '--force')).toMatchObject({ code: 0 });
  expect(readZip(await readFile(`${endpoint.dir}/mine.zip`)).get(`${ONE}/why.txt`)).toBe(`${ONE}: all is well\n`);
});
