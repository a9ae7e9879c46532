import type { ResourceType } from '../resource-type.ts';
import { blockDeviceType, diskType } from './block.ts';
import { affiliateType, identityType, infoType, memberType } from './cluster.ts';
import { machineConfigType, machineTypeType } from './config.ts';
import { emptyTypes } from './empty-types.ts';
import { cpuCoreType, memoryModuleType, pciDeviceType, processorType, systemInformationType } from './hardware.ts';
import { nodeLabelSpecType } from './kubernetes.ts';
import { namespaceType, resourceDefinitionType } from './meta.ts';
import { hardwareAddressType, timeServerStatusType } from './network-info.ts';
import { addressSpecType, hostnameSpecType, linkSpecType, resolverSpecType, routeSpecType } from './network-spec.ts';
import {
  addressStatusType,
  hostnameStatusType,
  linkStatusType,
  networkStatusType,
  nodeAddressType,
  resolverStatusType,
  routeStatusType,
} from './network-status.ts';
import { cpuStatsType, memoryStatsType } from './perf.ts';
import {
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
} from './runtime.ts';
import {
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
} from './runtime-status.ts';
import { apiCertificatesType, certSanType, osRootType, trustdCertificatesType } from './secrets.ts';
import { blockMountStatusType, discoveredVolumeType, systemDiskType, volumeStatusType } from './volume.ts';

/** Every type that a node knows; of `emptyTypes` there are none. */
export const allResourceTypes: readonly ResourceType<unknown>[] = [
  resourceDefinitionType,
  namespaceType,
  linkSpecType,
  addressSpecType,
  routeSpecType,
  hostnameSpecType,
  resolverSpecType,
  linkStatusType,
  addressStatusType,
  routeStatusType,
  hostnameStatusType,
  resolverStatusType,
  networkStatusType,
  nodeAddressType,
  machineConfigType,
  machineTypeType,
  apiCertificatesType,
  osRootType,
  trustdCertificatesType,
  certSanType,
  affiliateType,
  memberType,
  identityType,
  infoType,
  nodeLabelSpecType,
  apiServiceConfigType,
  serviceType,
  machineStatusType,
  mountStatusType,
  versionType,
  securityStateType,
  kernelCmdlineType,
  platformMetadataType,
  bootIdType,
  diagnosticType,
  timeStatusType,
  timeServerStatusType,
  hardwareAddressType,
  systemInformationType,
  processorType,
  cpuCoreType,
  memoryModuleType,
  pciDeviceType,
  diskType,
  blockDeviceType,
  blockMountStatusType,
  discoveredVolumeType,
  systemDiskType,
  volumeStatusType,
  cpuStatsType,
  memoryStatsType,
  kernelParamDefaultSpecType,
  kernelParamSpecType,
  kernelParamStatusType,
  kernelModuleSpecType,
  kernelModuleStatusType,
  loadedKernelModuleType,
  metaKeyType,
  metaLoadType,
  uniqueMachineTokenType,
  servicePidType,
  etcFileStatusType,
  ...emptyTypes,
];

/** The namespaces that there are and what each holds, as `get ns` shows them. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  cluster: 'Members of the cluster and who this node is.',
  'cluster-raw': 'Members of the cluster as each source tells them.',
  config: 'The machine configuration and what follows from it.',
  containers: 'Containers that the node itself runs.',
  controlplane: 'Settings of the control plane of Kubernetes.',
  cri: 'Settings of the container runtime.',
  etcd: 'The member of etcd on this node.',
  files: 'Files that the node writes.',
  hardware: 'What the machine is made of.',
  k8s: 'This node as Kubernetes has it.',
  kubespan: 'The network that joins all nodes.',
  meta: 'Types and namespaces.',
  network: 'The network: what is wanted and what is.',
  'network-config': 'The network as each source wants it.',
  perf: 'Counters of processor and memory.',
  runtime: 'Services, mounts, version and state of the machine.',
  secrets: 'Certificates, keys and tokens.',
  security: 'Rules for what may run.',
  storage: 'Volumes that are made of several disks.',
};
