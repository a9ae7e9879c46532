import {
  APIServiceConfigSpec,
  BootIDSpec,
  DiagnosticSpec,
  KernelCmdlineSpec,
  MachineStatusSpec,
  MountStatusSpec,
  PlatformMetadataSpec,
  SecurityStateSpec,
  ServiceSpec,
  TimeStatusSpec,
  VersionSpec,
} from '@minos/api/resource-specs';
import { defineType, omitEmpty } from './define-type.ts';
import { FIPS_STATE, MACHINE_STAGE, SELINUX_STATE, textOf } from './enum-text.ts';

/** How apid is to listen; id `apid`. */
export const apiServiceConfigType = defineType<APIServiceConfigSpec>({
  type: 'APIServiceConfigs.runtime.talos.dev',
  displayType: 'APIServiceConfig',
  namespace: 'runtime',
  aliases: ['apiserviceconfig', 'apisc', 'apiscs'],
  codec: APIServiceConfigSpec,
  toYaml: (s) => ({
    listenAddress: s.listenAddress,
    nodeRoutingDisabled: s.nodeRoutingDisabled,
    readonlyRoleMode: s.readonlyRoleMode,
    skipVerifyingClientCert: s.skipVerifyingClientCert,
  }),
});

/** Services that run; id = service. */
export const serviceType = defineType<ServiceSpec>({
  type: 'Services.v1alpha1.talos.dev',
  displayType: 'Service',
  namespace: 'runtime',
  aliases: ['svc', 'service'],
  columns: ['Running=.running', 'Healthy=.healthy', 'Health Unknown=.unknown'],
  codec: ServiceSpec,
  toYaml: (s) => ({ running: s.running, healthy: s.healthy, unknown: s.unknown }),
});

/** How far the machine is; id `machine`. */
export const machineStatusType = defineType<MachineStatusSpec>({
  type: 'MachineStatuses.runtime.talos.dev',
  displayType: 'MachineStatus',
  namespace: 'runtime',
  aliases: ['machinestatus', 'ms'],
  columns: ['Stage=.stage', 'Ready=.status.ready'],
  codec: MachineStatusSpec,
  toYaml: (s) => ({
    stage: textOf(MACHINE_STAGE, s.stage),
    status: {
      ready: s.status?.ready ?? false,
      unmetConditions: (s.status?.unmetConditions ?? []).map(({ name, reason }) => ({ name, reason })),
    },
  }),
});

/** What is mounted for the system; id = volume. */
export const mountStatusType = defineType<MountStatusSpec>({
  type: 'MountStatuses.runtime.talos.dev',
  displayType: 'MountStatus',
  namespace: 'runtime',
  aliases: ['mounts'],
  columns: ['Source=.source', 'Target=.target', 'Filesystem Type=.filesystemType'],
  codec: MountStatusSpec,
  toYaml: (s) => ({
    source: s.source,
    target: s.target,
    filesystemType: s.filesystemType,
    options: s.options,
    encrypted: s.encrypted,
    ...omitEmpty({ encryptionProviders: s.encryptionProviders }),
  }),
});

/** The version that runs; id `version`. */
export const versionType = defineType<VersionSpec>({
  type: 'Versions.runtime.talos.dev',
  displayType: 'Version',
  namespace: 'runtime',
  aliases: ['version'],
  columns: ['Name=.name', 'Version=.version'],
  codec: VersionSpec,
  toYaml: (s) => ({ version: s.version, name: s.name }),
});

/** Protections that are on; id `securitystate`. */
export const securityStateType = defineType<SecurityStateSpec>({
  type: 'SecurityStates.talos.dev',
  displayType: 'SecurityState',
  namespace: 'runtime',
  aliases: ['securitystate', 'ss'],
  columns: [
    'SecureBoot=.secureBoot',
    'UKISigningKeyFingerprint=.ukiSigningKeyFingerprint',
    'PCRSigningKeyFingerprint=.pcrSigningKeyFingerprint',
    'SELinuxState=.selinuxState',
    'ModuleSignatureEnforced=.moduleSignatureEnforced',
  ],
  codec: SecurityStateSpec,
  toYaml: (s) => ({
    secureBoot: s.secureBoot,
    ...omitEmpty({
      ukiSigningKeyFingerprint: s.ukiSigningKeyFingerprint,
      pcrSigningKeyFingerprint: s.pcrSigningKeyFingerprint,
    }),
    selinuxState: textOf(SELINUX_STATE, s.seLinuxState),
    ...omitEmpty({ bootedWithUKI: s.bootedWithUki }),
    fipsState: textOf(FIPS_STATE, s.fipsState),
    ...omitEmpty({ moduleSignatureEnforced: s.moduleSignatureEnforced }),
  }),
});

/** The kernel's command line; id `cmdline`. */
export const kernelCmdlineType = defineType<KernelCmdlineSpec>({
  type: 'KernelCmdlines.runtime.talos.dev',
  displayType: 'KernelCmdline',
  namespace: 'runtime',
  aliases: ['cmdline', 'kernelcmdline', 'kc', 'kcs'],
  columns: ['Cmdline=.cmdline'],
  codec: KernelCmdlineSpec,
  toYaml: (s) => ({ cmdline: s.cmdline }),
});

/** Where the node runs; id `platformmetadata`. */
export const platformMetadataType = defineType<PlatformMetadataSpec>({
  type: 'PlatformMetadatas.talos.dev',
  displayType: 'PlatformMetadata',
  namespace: 'runtime',
  aliases: ['platformmetadata', 'pm', 'pms'],
  columns: ['Platform=.platform', 'Type=.instanceType', 'Region=.region', 'Zone=.zone'],
  codec: PlatformMetadataSpec,
  toYaml: (s) =>
    omitEmpty({
      platform: s.platform,
      hostname: s.hostname,
      region: s.region,
      zone: s.zone,
      instanceType: s.instanceType,
      instanceId: s.instanceId,
      providerId: s.providerId,
      spot: s.spot,
      internalDNS: s.internalDns,
      externalDNS: s.externalDns,
      tags: s.tags,
    }),
});

/** The boot; id `boot-id`. */
export const bootIdType = defineType<BootIDSpec>({
  type: 'BootIDs.runtime.talos.dev',
  displayType: 'BootID',
  namespace: 'runtime',
  aliases: ['bootid', 'bid', 'bids'],
  columns: ['Boot ID=.bootID'],
  codec: BootIDSpec,
  toYaml: (s) => ({ bootID: s.bootId }),
});

/** What is wrong with the node; id = name of the check. */
export const diagnosticType = defineType<DiagnosticSpec>({
  type: 'Diagnostics.runtime.talos.dev',
  displayType: 'Diagnostic',
  namespace: 'runtime',
  aliases: ['diagnostic'],
  columns: ['Message=.message'],
  codec: DiagnosticSpec,
  toYaml: (s) => ({ message: s.message, details: s.details }),
});

/** Whether the clock is synchronised; id `node`. */
export const timeStatusType = defineType<TimeStatusSpec>({
  type: 'TimeStatuses.v1alpha1.talos.dev',
  displayType: 'TimeStatus',
  namespace: 'runtime',
  aliases: ['timestatus', 'ts'],
  columns: ['Synced=.synced'],
  codec: TimeStatusSpec,
  toYaml: (s) => ({ synced: s.synced, epoch: s.epoch, syncDisabled: s.syncDisabled }),
});
