import { join } from 'node:path';
import { Fault, formatProblems } from '@minos/base';
import { emitSecretsBundle, generateSecrets, type SecretsBundle, secretsFromConfig } from '@minos/config';
import type { CommandCall, RunCommand } from '../cli/command.ts';
import { readTextFile } from '../client-config/read-text-file.ts';
import { contractOf } from '../generate/contract-of.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly output: string;
  readonly 'talos-version': string | undefined;
  readonly 'from-controlplane-config': string | undefined;
  readonly 'from-kubernetes-pki': string | undefined;
  readonly 'kubernetes-bootstrap-token': string | undefined;
  readonly force: boolean;
}

type Call = CommandCall<Options>;

/** Makes the secrets of a new cluster, or takes those of one that is there, and writes them for their owner only. */
export const genSecrets: RunCommand<Options> = async (call) => {
  const { options, terminal } = call;
  const { 'from-controlplane-config': config, 'from-kubernetes-pki': pki } = options;
  if (config !== undefined && pki !== undefined) {
    throw new Fault('invalid', 'secrets come from a configuration or from the files of Kubernetes, not from both');
  }
  const secrets = config === undefined ? await newSecrets(call, pki) : await takenSecrets(call, config);
  await writeOutputs(new Map([[options.output, emitSecretsBundle(secrets)]]), { terminal, isReplaced: options.force });
  return 0;
};

async function takenSecrets({ terminal }: Call, file: string): Promise<SecretsBundle> {
  const secrets = secretsFromConfig(await readTextFile(file, terminal));
  if (secrets.ok) return secrets.value;
  throw new Fault('invalid', `${file} does not hold all secrets of a cluster:\n${formatProblems(secrets.problems)}`);
}

async function newSecrets({ options, terminal }: Call, folder: string | undefined): Promise<SecretsBundle> {
  const secrets = await generateSecrets(terminal.clock.now(), contractOf(options['talos-version']));
  const token = options['kubernetes-bootstrap-token'];
  const withToken = token === undefined ? secrets : { ...secrets, bootstrapToken: token };
  if (folder === undefined) return withToken;
  const read = (name: string): Promise<string> => readTextFile(join(folder, name), terminal);
  const pair = async (name: string) => ({ certPem: await read(`${name}.crt`), keyPem: await read(`${name}.key`) });
  const kubernetes = await pair('ca');
  const aggregator = await pair('front-proxy-ca');
  const etcd = await pair('etcd/ca');
  return { ...withToken, kubernetes, aggregator, etcd, serviceAccountKeyPem: await read('sa.key') };
}
