import { stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { Fault, formatProblems, hasCode } from '@minos/base';
import {
  adminClientConfig,
  type ConfigRole,
  type ContractOptions,
  contractDocuments,
  generateSecrets,
  parseSecretsBundle,
  patchConfig,
  type RegistryMirror,
  type SecretsBundle,
  toYamlStream,
  withComments,
} from '@minos/config';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readPatch } from '../client-config/read-patch.ts';
import { readTextFile } from '../client-config/read-text-file.ts';
import { contractOf } from '../generate/contract-of.ts';
import { outputPaths, outputTypes } from '../generate/output-paths.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly output: string;
  readonly 'output-types': readonly string[];
  readonly 'with-secrets': string | undefined;
  readonly 'talos-version': string | undefined;
  readonly 'kubernetes-version': string;
  readonly 'additional-sans': readonly string[];
  readonly 'dns-domain': string;
  readonly 'install-disk': string;
  readonly 'install-image': string;
  readonly 'registry-mirror': readonly string[];
  readonly 'with-cluster-discovery': boolean;
  readonly 'with-kubespan': boolean;
  readonly 'with-docs': boolean;
  readonly 'with-examples': boolean;
  readonly patch: readonly string[];
  readonly 'config-patch': readonly string[];
  readonly 'config-patch-control-plane': readonly string[];
  readonly 'config-patch-worker': readonly string[];
  readonly force: boolean;
}

type Call = CommandCall<Options>;

/** Makes controlplane.yaml, worker.yaml and talosconfig of a cluster, or one of them. */
export const genConfig: RunCommand<Options> = async (call) => {
  const { options, terminal } = call;
  const types = outputTypes(options['output-types']);
  const paths = outputPaths(types, options.output, await isFolder(resolve(terminal.cwd, options.output), types.length > 1));
  const contract = await contractOptions(call);
  const texts = new Map<string, string>();
  for (const [type, path] of paths) {
    const text =
      type === 'talosconfig' ? clientConfig(contract, terminal.clock.now()) : await machineConfig(call, contract, type);
    texts.set(path, text);
  }
  await writeOutputs(texts, { terminal, isReplaced: options.force });
  return 0;
};

async function contractOptions(call: Call): Promise<ContractOptions> {
  const { options, words } = call;
  const [clusterName = '', endpoint = ''] = words;
  if (!URL.canParse(endpoint) || new URL(endpoint).protocol !== 'https:') {
    throw new Fault('invalid', `the endpoint is the URL of the Kubernetes API, such as https://10.5.0.2:6443, not "${endpoint}"`);
  }
  return {
    clusterName,
    endpoint,
    secrets: await secretsOf(call),
    contract: contractOf(options['talos-version']),
    kubernetesVersion: kubernetesVersion(options['kubernetes-version']),
    additionalSans: options['additional-sans'],
    dnsDomain: options['dns-domain'],
    installDisk: options['install-disk'],
    installImage: options['install-image'],
    registryMirrors: options['registry-mirror'].map(mirrorOf),
    hasClusterDiscovery: options['with-cluster-discovery'],
    hasKubeSpan: options['with-kubespan'],
  };
}

function kubernetesVersion(text: string): string {
  const m = /^v?(\d+\.\d+\.\d+(-[\w.]+)?)$/.exec(text);
  if (m?.[1] === undefined) throw new Fault('invalid', `--kubernetes-version is a version such as 1.37.0, not "${text}"`);
  return m[1];
}

function mirrorOf(text: string): RegistryMirror {
  const at = text.indexOf('=');
  const [host, url] = [text.slice(0, at), text.slice(at + 1)];
  if (at > 0 && URL.canParse(url)) return { host, url };
  throw new Fault('invalid', `--registry-mirror is a registry and a URL, such as docker.io=http://10.5.0.1:5000, not "${text}"`);
}

async function secretsOf({ options, terminal }: Call): Promise<SecretsBundle> {
  const file = options['with-secrets'];
  terminal.progress('generating PKI and tokens');
  if (file === undefined) return generateSecrets(terminal.clock.now(), contractOf(options['talos-version']));
  const bundle = parseSecretsBundle(await readTextFile(file, terminal));
  if (bundle.ok) return bundle.value;
  throw new Fault('invalid', `${file} holds no secrets of a cluster:\n${formatProblems(bundle.problems)}`);
}

async function machineConfig({ options, terminal }: Call, contract: ContractOptions, role: ConfigRole): Promise<string> {
  const own = options[role === 'worker' ? 'config-patch-worker' : 'config-patch-control-plane'];
  const wanted = [...options.patch, ...options['config-patch'], ...own];
  const patches = await Promise.all(wanted.map((patch) => readPatch(patch, terminal.cwd)));
  const result = patchConfig(toYamlStream(contractDocuments(contract, role)), patches);
  if (!result.ok) throw new Fault('invalid', `the patch does not fit:\n${formatProblems(result.problems)}`);
  return withComments(result.value, { hasDocs: options['with-docs'], hasExamples: options['with-examples'] });
}

function clientConfig({ secrets, clusterName }: ContractOptions, nowMs: number): string {
  return adminClientConfig({ secrets, clusterName, nowMs });
}

/** Whether a path is a folder; what is not there is taken as `otherwise`. */
async function isFolder(path: string, otherwise: boolean): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch (e) {
    if (hasCode(e, 'ENOENT')) return otherwise;
    throw e;
  }
}
