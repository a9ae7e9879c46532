import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { normalizePrivateKeyPem } from '@minos/pki';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { clusterContext } from '../../harness/cluster-pki.ts';
import { mustRun } from '../../harness/run.ts';

const DESCRIPTORS = resolve(import.meta.dirname, '../../../libs/api/src/gen/descriptors.binpb');

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'foreign', workers: 1 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

test("Debian's grpcio gets the same answers as minosctl: unary calls, streams, errors, node and nodes", async () => {
  const pki = join(cluster.dir, 'pki');
  await mkdir(pki, { recursive: true });
  const context = await clusterContext(cluster);
  await writeFile(join(pki, 'ca.crt'), context.caPem ?? '');
  await writeFile(join(pki, 'client.crt'), context.certPem ?? '');
  await writeFile(join(pki, 'client.key'), normalizePrivateKeyPem(context.keyPem ?? ''), { mode: 0o600 });
  const nodes = cluster.nodes.map((n) => n.address);
  const script = join(import.meta.dirname, 'client.py');
  const printed = await mustRun('/usr/bin/python3', [script, DESCRIPTORS, cluster.controlPlane.address, pki, ...nodes], {
    timeoutMs: 120_000,
  });
  const seen: unknown = JSON.parse(printed);

  const version = { tag: expect.stringMatching(/^v1\.14\.0\+minos\./), os: 'linux', arch: 'amd64' };
  expect(seen).toMatchObject({
    local: { messages: [{ version }] },
    node: nodes.map(() => ({ messages: [{ version }] })),
    read: expect.stringContaining('localhost'),
    logs_nodes: [...nodes].sort(),
    codes: {
      'missing file': 'NOT_FOUND',
      'two values of node': 'INVALID_ARGUMENT',
      'not yet implemented': 'UNIMPLEMENTED',
      'no such method': expect.stringMatching(/UNIMPLEMENTED|PERMISSION_DENIED/),
      'fan-out of the state': 'INVALID_ARGUMENT',
      'an unreachable node': 'UNAVAILABLE',
      'after cancel': 'CANCELLED',
    },
  });
  expect(JSON.stringify(seen)).toContain('"code":14');
  const ours = await cluster.minosctl(['-n', nodes.join(','), 'version', '-o', 'json']);
  for (const node of nodes) {
    expect(ours.stdout).toContain(node);
    expect(printed).toContain(`"hostname": "${node}"`);
  }
}, 180_000);
