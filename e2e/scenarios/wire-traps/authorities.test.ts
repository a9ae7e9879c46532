import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ApplyConfigurationRequest_Mode, EventsRequest, MachineServiceDefinition } from '@minos/api/machine';
import { formatProblems, Scope } from '@minos/base';
import { patchConfig } from '@minos/config';
import { type KeyPairPem, newCertificateAuthority, normalizePrivateKeyPem } from '@minos/pki';
import { type Client, client, dial } from '@minos/rpc';
import { eventually } from '@minos/testkit';
import { type Cluster, startCluster } from '../../harness/cluster.ts';
import { adminChannel } from '../../harness/cluster-api.ts';
import { clientCertificate, clusterAuthority } from '../../harness/cluster-pki.ts';

type Machine = Client<typeof MachineServiceDefinition>;
/** So long do clients that exchange an authority wait for each step. */
const STEP_MS = 5000;

let cluster: Cluster;
beforeAll(async () => {
  cluster = await startCluster({ name: 'authority', workers: 1 });
}, 200_000);
afterAll(async () => {
  await cluster?.[Symbol.asyncDispose]();
}, 60_000);

const base64 = (text: string): string => Buffer.from(text).toString('base64');

function patched(text: string, change: string): string {
  const result = patchConfig(text, [change]);
  if (!result.ok) throw new Error(formatProblems(result.problems));
  return result.value;
}

/** Changes the configuration of a node as clients do: the whole text, rendered anew. */
async function change(machine: Machine, node: string, edit: (text: string) => string): Promise<void> {
  const parts: Buffer[] = [];
  for await (const { bytes } of machine.Read({ path: '/system/state/config.yaml' }, { metadata: { node } })) parts.push(bytes);
  const data = Buffer.from(edit(Buffer.concat(parts).toString()));
  const mode = ApplyConfigurationRequest_Mode.NO_REBOOT;
  const request = { data, mode, dryRun: false, tryModeTimeout: undefined };
  await machine.ApplyConfiguration(request, { metadata: { node }, timeoutMs: 10_000 });
}

function connect(scope: Scope, who: KeyPairPem, ca: KeyPairPem, to = cluster.controlPlane): Machine {
  const { certPem, keyPem } = clientCertificate({ ca: who, roles: ['os:admin'] });
  const tls = { ca: ca.certPem, cert: certPem, key: normalizePrivateKeyPem(keyPem) };
  return client(scope.use(dial({ kind: 'tcp', host: to.address, port: 50_000, tls })), MachineServiceDefinition);
}

async function allAnswer(machine: Machine): Promise<void> {
  for (const { address, name } of cluster.nodes) {
    const { messages } = await machine.Hostname({}, { metadata: { node: address }, timeoutMs: 3000 });
    expect(messages[0]?.hostname).toBe(name);
  }
}

test('an authority is exchanged in three steps, each in force within 5 s, and no connection is closed', async () => {
  await using scope = new Scope();
  const old = await clusterAuthority(cluster);
  const next = newCertificateAuthority({ organization: 'talos', nowMs: Date.now() });
  const first = client(scope.use(await adminChannel(cluster)), MachineServiceDefinition);
  const stop = new AbortController();
  const stream = first.Events(EventsRequest.fromPartial({}), { signal: stop.signal })[Symbol.asyncIterator]();
  await stream.next();

  // 1. Who comes with the new authority is let in, and is shown the old one.
  for (const { address } of cluster.nodes) {
    const accepting = `machine: { acceptedCAs: [ { crt: ${base64(next.certPem)} } ] }`;
    await change(first, address, (text) => patched(text, accepting));
  }
  const second = connect(scope, next, old);
  await eventually(() => allAnswer(second), { withinMs: STEP_MS, everyMs: 100 });

  // 2. The new authority issues; the old one is still accepted.
  for (const node of cluster.nodes) {
    const key = node === cluster.controlPlane ? base64(next.keyPem) : '""';
    const issuing = `machine: { ca: { crt: ${base64(next.certPem)}, key: ${key} }, acceptedCAs: [ { crt: ${base64(old.certPem)} } ] }`;
    await change(second, node.address, (text) => patched(text, issuing));
  }
  const third = connect(scope, next, next);
  await eventually(() => allAnswer(third), { withinMs: STEP_MS, everyMs: 100 });
  // Every node shows one of the new authority itself.
  for (const node of cluster.nodes) {
    const itself = connect(scope, next, next, node);
    await eventually(() => itself.Version({}, { timeoutMs: 3000 }), { withinMs: STEP_MS, everyMs: 100 });
  }
  await allAnswer(second);

  // 3. The old authority is forgotten.
  for (const { address } of cluster.nodes) {
    await change(third, address, (text) => text.replace(/^( +)acceptedCAs:.*\n(?:\1 +.*\n|\1-.*\n)*/m, ''));
  }
  await eventually(() => allAnswer(third), { withinMs: STEP_MS, everyMs: 100 });
  for (const node of cluster.nodes) {
    await eventually(
      async () => {
        await using strangers = new Scope();
        const stranger = connect(strangers, old, next, node);
        await expect(stranger.Version({}, { timeoutMs: 3000 })).rejects.toMatchObject({ kind: 'unavailable' });
      },
      { withinMs: STEP_MS, everyMs: 200 },
    );
  }
  await first.Version({}, { timeoutMs: 3000 });
  stop.abort();
}, 120_000);
