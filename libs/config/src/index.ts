export {
  type ClientConfig,
  type ClientContext,
  emitClientConfig,
  mergeClientConfig,
  parseClientConfig,
} from './client/client-config.ts';
export { type DocumentChange, documentChanges, type ReachPart, reachChanges } from './config-changes.ts';
export { diffConfigs } from './diff-configs.ts';
export { type CommentOptions, withComments } from './generate/config-comments.ts';
export { contractDocuments } from './generate/contract-configs.ts';
export type { ConfigRole, ContractOptions, RegistryMirror } from './generate/contract-options.ts';
export {
  adminClientConfig,
  type ClientOptions,
  type GeneratedConfigs,
  type GenerateOptions,
  generateConfigs,
} from './generate/generate-configs.ts';
export { type NodePatchOptions, nodePatch } from './generate/node-patch.ts';
export { emitSecretsBundle, generateSecrets, parseSecretsBundle, type SecretsBundle } from './generate/secrets-bundle.ts';
export { secretsFromConfig } from './generate/secrets-from-config.ts';
export { CURRENT_CONTRACT, parseContract, type VersionContract } from './generate/version-contract.ts';
export type { KernelConfig, KernelModule } from './kernel/kernel-config.ts';
export { type KernelParamRoot, kernelParamId, kernelParamPath, kernelParamRoot } from './kernel/kernel-param-id.ts';
export { type KernelSpecs, kernelSpecs } from './kernel/kernel-specs.ts';
export type { ClusterConfig, MachineConfig, MachineRole } from './machine-config.ts';
export type {
  LinkAddress,
  LinkConfig,
  LinkMake,
  LinkRoute,
  NameServer,
  NetworkConfig,
  StaticHost,
} from './network/network-config.ts';
export { type NetworkSpecs, type NetworkSpecsOptions, networkSpecs } from './network/network-specs.ts';
export { parseMachineConfig } from './parse-machine-config.ts';
export { patchConfig } from './patch/patch-config.ts';
export type { CertificateAndKey } from './pem-field.ts';
export type { ConfigDocument } from './read-documents.ts';
export { redactConfig } from './redact-config.ts';
export { configSchema } from './shape/config-schema.ts';
export { documentKinds } from './shape/document-kinds.ts';
export { NODE_MODES, type NodeMode, validateMode } from './validate-mode.ts';
export { parseYamlDocument, toYamlStream, toYamlText } from './yaml-text.ts';
export { isYamlList, isYamlMap, listAt, textAt, textsAt, valueAt, type YamlMap, type YamlValue } from './yaml-value.ts';
