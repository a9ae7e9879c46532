import type { ResourceType } from '../resource-type.ts';
import { affiliateType, identityType, infoType, memberType } from './cluster.ts';
import { machineConfigType, machineTypeType } from './config.ts';
import { namespaceType, resourceDefinitionType } from './meta.ts';
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
import { apiCertificatesType, certSanType, osRootType, trustdCertificatesType } from './secrets.ts';

/** Every type that a node serves. */
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
];

/** The namespaces of these types and what each holds, as `get ns` shows them. */
export const NAMESPACES: Readonly<Record<string, string>> = {
  cluster: 'Members of the cluster and who this node is.',
  config: 'The machine configuration and what follows from it.',
  meta: 'Types and namespaces.',
  network: 'The network: what is wanted and what is.',
  runtime: 'Services, mounts, version and state of the machine.',
  secrets: 'Certificates, keys and tokens.',
};
