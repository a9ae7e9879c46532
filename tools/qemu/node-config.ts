import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { emitSecretsBundle, generateConfigs, generateSecrets, nodePatch, parseClientConfig, patchConfig } from '@minos/config';
import { isThere } from '../build/programs.ts';

/** What a node in QEMU is called and how it is reached. */
export interface NodeConfigOptions {
  /** Where the configuration and the secrets are kept. */
  readonly dir: string;
  readonly name: string;
  readonly apiPort: number;
}

/** The configuration of a node, and the file with which minosctl reaches it. */
export interface NodeConfig {
  readonly text: string;
  readonly clientConfig: string;
}

/** The address of the only guest in the user-mode network of QEMU. */
export const GUEST_ADDRESS = '10.0.2.15';
const PREFIX_LENGTH = 24;
const PRIVATE = { mode: 0o600 } as const;

/** The configuration in a folder, made at the first call: a control plane of one, with secrets of its own. The client configuration follows the port. */
export async function nodeConfig({ dir, name, apiPort }: NodeConfigOptions): Promise<NodeConfig> {
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const file = join(dir, 'config.yaml');
  const clientConfig = join(dir, 'config');
  if (!(await isThere(clientConfig))) await makeConfig(dir, name);
  const client = parseClientConfig(await readFile(clientConfig, 'utf8'));
  const context = client.ok ? client.value.contexts.get(name) : undefined;
  if (context === undefined) throw new Fault('invalid', `${clientConfig} has no context ${name}; remove ${dir} to begin again`);
  await writeFile(clientConfig, clientText(await readFile(clientConfig, 'utf8'), apiPort), PRIVATE);
  return { text: await readFile(file, 'utf8'), clientConfig };
}

/** A client configuration that reaches the guest by another port; pure. */
function clientText(text: string, apiPort: number): string {
  return text.replace(/127\.0\.0\.1:\d+/g, `127.0.0.1:${apiPort}`);
}

async function makeConfig(dir: string, name: string): Promise<void> {
  const nowMs = Date.now();
  const secrets = await generateSecrets(nowMs);
  const { controlplane, talosconfig } = generateConfigs({
    clusterName: name,
    endpoint: `https://${GUEST_ADDRESS}:6443`,
    secrets,
    endpoints: ['127.0.0.1:1'],
    nodes: [GUEST_ADDRESS],
    nowMs,
  });
  const patch = nodePatch({ hostname: name, link: 'eth0', addresses: [`${GUEST_ADDRESS}/${PREFIX_LENGTH}`] });
  const patched = patchConfig(controlplane, [patch]);
  if (!patched.ok) throw new Fault('internal', `the configuration cannot be made:\n${formatProblems(patched.problems)}`);
  await writeFile(join(dir, 'secrets.yaml'), emitSecretsBundle(secrets), PRIVATE);
  await writeFile(join(dir, 'config.yaml'), patched.value, PRIVATE);
  await writeFile(join(dir, 'config'), talosconfig, PRIVATE);
}
