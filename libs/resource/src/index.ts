export { formatNetIp, formatNetIpPrefix, netIp, netIpPrefix } from './ip-text.ts';
export { MemoryState, type MemoryStateOptions } from './memory-state.ts';
export { type RemoteState, type RemoteStateOptions, remoteState } from './remote-state.ts';
export type { PrintColumn, ResourceType, YamlValue } from './resource-type.ts';
export type {
  Phase,
  Resource,
  ResourceMetadata,
  State,
  StateReader,
  StateWriter,
  WatchEvent,
  WatchOptions,
  WriteOptions,
} from './state.ts';
export { type DaemonAccess, daemonPolicy, outsidePolicy, type StatePolicy } from './state-policy.ts';
export { bindStateService, type StateServiceOptions } from './state-service.ts';
export { allResourceTypes, NAMESPACES } from './types/all-types.ts';
export { blockDeviceType, diskType } from './types/block.ts';
export { affiliateType, identityType, infoType, memberType } from './types/cluster.ts';
export { machineConfigType, machineTypeType } from './types/config.ts';
export { cpuCoreType, memoryModuleType, pciDeviceType, processorType, systemInformationType } from './types/hardware.ts';
export { nodeLabelSpecType } from './types/kubernetes.ts';
export { definitionOf, namespaceType, resourceDefinitionType } from './types/meta.ts';
export { hardwareAddressType, timeServerStatusType } from './types/network-info.ts';
export { addressSpecType, hostnameSpecType, linkSpecType, resolverSpecType, routeSpecType } from './types/network-spec.ts';
export {
  addressStatusType,
  hostnameStatusType,
  linkStatusType,
  networkStatusType,
  nodeAddressType,
  resolverStatusType,
  routeStatusType,
} from './types/network-status.ts';
export { cpuStatsType, memoryStatsType } from './types/perf.ts';
export {
  apiServiceConfigType,
  bootIdType,
  diagnosticType,
  kernelCmdlineType,
  machineStatusType,
  mountStatusType,
  platformMetadataType,
  securityStateType,
  serviceType,
  timeStatusType,
  versionType,
} from './types/runtime.ts';
export {
  etcFileStatusType,
  kernelModuleSpecType,
  kernelModuleStatusType,
  kernelParamDefaultSpecType,
  kernelParamSpecType,
  kernelParamStatusType,
  loadedKernelModuleType,
  metaKeyType,
  metaLoadType,
  servicePidType,
  uniqueMachineTokenType,
} from './types/runtime-status.ts';
export { apiCertificatesType, certSanType, osRootType, trustdCertificatesType } from './types/secrets.ts';
export { blockMountStatusType, discoveredVolumeType, systemDiskType, volumeStatusType } from './types/volume.ts';
