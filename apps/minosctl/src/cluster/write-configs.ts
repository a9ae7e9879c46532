import { mkdir, writeFile } from 'node:fs/promises';
import { Fault, formatProblems } from '@minos/base';
import { emitSecretsBundle, generateConfigs, generateSecrets, nodePatch, parseClientConfig, patchConfig } from '@minos/config';
import { putContext } from '../client-config/edit-config.ts';
import type { ClusterPlan, NodePlan } from './cluster-plan.ts';

const PRIVATE = { mode: 0o600 } as const;

/** Makes the secrets of a cluster, the configuration of every node, and the context of whoever uses it. */
export async function writeConfigs(plan: ClusterPlan, nowMs: number): Promise<void> {
  const secrets = await generateSecrets(nowMs);
  await writeFile(plan.secrets, emitSecretsBundle(secrets), PRIVATE);
  const texts = generateConfigs({
    clusterName: plan.name,
    endpoint: `https://${plan.endpoint}:6443`,
    secrets,
    endpoints: [plan.endpoint],
    nodes: plan.nodes.map((node) => node.address),
    nowMs,
  });
  await Promise.all(plan.nodes.map((node) => writeNode(plan, node, texts[node.type])));
  const client = parseClientConfig(texts.talosconfig);
  const context = client.ok ? client.value.contexts.get(plan.name) : undefined;
  if (context === undefined) throw new Fault('internal', 'the client configuration that was made has no context');
  await putContext(plan.clientConfig, plan.name, context);
}

async function writeNode(plan: ClusterPlan, node: NodePlan, text: string): Promise<void> {
  const address = `${node.address}/${plan.subnet.length}`;
  const patched = patchConfig(text, [nodePatch({ hostname: node.name, link: 'eth0', addresses: [address] })]);
  if (!patched.ok)
    throw new Fault('internal', `the configuration of ${node.name} cannot be made:\n${formatProblems(patched.problems)}`);
  await mkdir(node.files.state, { recursive: true, mode: 0o700 });
  await writeFile(node.files.config, patched.value, PRIVATE);
}
