import { type GeneratedConfigs, generateConfigs } from '../generate/generate-configs.ts';
import { generateSecrets, type SecretsBundle } from '../generate/secrets-bundle.ts';

/** A cluster of the moment, with everything that was generated for it. */
export async function testCluster(): Promise<GeneratedConfigs & { readonly secrets: SecretsBundle }> {
  const secrets = await generateSecrets(Date.now());
  const configs = generateConfigs({
    clusterName: 'minos',
    endpoint: 'https://10.5.0.2:6443',
    secrets,
    additionalSans: ['10.5.0.2'],
    endpoints: ['10.5.0.2'],
    nowMs: Date.now(),
  });
  return { ...configs, secrets };
}
