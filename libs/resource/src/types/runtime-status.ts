import {
  EtcFileStatusSpec,
  KernelModuleSpecSpec,
  KernelModuleStatusSpec,
  KernelParamSpecSpec,
  KernelParamStatusSpec,
  LoadedKernelModuleSpec,
  MetaKeySpec,
  MetaLoadedSpec,
  ServicePIDSpec,
  UniqueMachineTokenSpec,
} from '@minos/api/resource-specs';
import type { YamlValue } from '../resource-type.ts';
import { defineType, omitEmpty } from './define-type.ts';
import { textOf } from './enum-text.ts';

const MODULE_TYPE = { 0: 'unknown', 1: 'built-in', 2: 'dynamic' };
const MODULE_STATE = { 0: 'live', 1: 'loading', 2: 'unloading', 3: 'built-in' };

/** What kernel parameters are to be by the configuration; id such as `proc.sys.net.ipv4.ip_forward`. */
export const kernelParamSpecType = defineType<KernelParamSpecSpec>({
  type: 'KernelParamSpecs.runtime.talos.dev',
  displayType: 'KernelParamSpec',
  namespace: 'runtime',
  aliases: ['kernelparamspec', 'kps'],
  codec: KernelParamSpecSpec,
  toYaml: paramYaml,
});

/** What kernel parameters are to be where the configuration says nothing; ids as those of the KernelParamSpec. */
export const kernelParamDefaultSpecType = defineType<KernelParamSpecSpec>({
  type: 'KernelParamDefaultSpecs.runtime.talos.dev',
  displayType: 'KernelParamDefaultSpec',
  namespace: 'runtime',
  aliases: ['kernelparamdefaultspec', 'kpds'],
  codec: KernelParamSpecSpec,
  toYaml: paramYaml,
});

function paramYaml({ value, ignoreErrors }: KernelParamSpecSpec): YamlValue {
  return { value, ignoreErrors };
}

/** Modules that are to be loaded; id = name. */
export const kernelModuleSpecType = defineType<KernelModuleSpecSpec>({
  type: 'KernelModuleSpecs.runtime.talos.dev',
  displayType: 'KernelModuleSpec',
  namespace: 'runtime',
  aliases: ['kernelmodulespec', 'kms'],
  codec: KernelModuleSpecSpec,
  toYaml: ({ name, parameters }) => ({ name, ...omitEmpty({ parameters }) }),
});

/** Kernel parameters that the node sets; id such as `proc.sys.net.ipv4.ip_forward`. */
export const kernelParamStatusType = defineType<KernelParamStatusSpec>({
  type: 'KernelParamStatuses.runtime.talos.dev',
  displayType: 'KernelParamStatus',
  namespace: 'runtime',
  aliases: ['sysctls', 'kernelparameters', 'kernelparams', 'kernelparamstatus', 'kps'],
  columns: ['Current=.current', 'Default=.default', 'Unsupported=.unsupported'],
  codec: KernelParamStatusSpec,
  toYaml: (s) => ({
    current: s.current,
    default: s.default,
    unsupported: s.unsupported,
  }),
});

/** Modules of the kernel; id = name. */
export const kernelModuleStatusType = defineType<KernelModuleStatusSpec>({
  type: 'KernelModuleStatuses.runtime.talos.dev',
  displayType: 'KernelModuleStatus',
  namespace: 'runtime',
  aliases: ['module', 'modules', 'kernelmodulestatus', 'kms'],
  columns: ['Type=.type', 'State=.state'],
  codec: KernelModuleStatusSpec,
  toYaml: (s) => ({
    type: textOf(MODULE_TYPE, s.type),
    size: s.size,
    referenceCount: s.referenceCount,
    ...omitEmpty({ dependencies: s.dependencies }),
    state: textOf(MODULE_STATE, s.state),
    address: s.address,
  }),
});

/** Modules that are loaded; id = name. */
export const loadedKernelModuleType = defineType<LoadedKernelModuleSpec>({
  type: 'LoadedKernelModules.runtime.talos.dev',
  displayType: 'LoadedKernelModule',
  namespace: 'runtime',
  aliases: ['loadedkernelmodule', 'lkm', 'lkms'],
  columns: ['State=.state'],
  codec: LoadedKernelModuleSpec,
  toYaml: (s) => ({
    size: s.size,
    referenceCount: s.referenceCount,
    ...omitEmpty({ dependencies: s.dependencies }),
    state: s.state,
    address: s.address,
  }),
});

/** Values of META; id = key, such as `0x0a`. */
export const metaKeyType = defineType<MetaKeySpec>({
  type: 'MetaKeys.runtime.talos.dev',
  displayType: 'MetaKey',
  namespace: 'runtime',
  aliases: ['meta', 'metakey', 'mk', 'mks'],
  columns: ['Value=.value'],
  codec: MetaKeySpec,
  toYaml: (s) => ({
    value: s.value,
  }),
});

/** Whether META was read; id `meta-load`. */
export const metaLoadType = defineType<MetaLoadedSpec>({
  type: 'MetaLoads.runtime.talos.dev',
  displayType: 'MetaLoad',
  namespace: 'runtime',
  aliases: ['metaload', 'ml', 'mls'],
  columns: ['Done=.done'],
  codec: MetaLoadedSpec,
  toYaml: (s) => ({
    done: s.done,
  }),
});

/** The token that tells this machine from others; id `unique-machine-token`. */
export const uniqueMachineTokenType = defineType<UniqueMachineTokenSpec>({
  type: 'UniqueMachineTokens.runtime.talos.dev',
  displayType: 'UniqueMachineToken',
  namespace: 'runtime',
  aliases: ['uniquemachinetoken', 'umt', 'umts'],
  columns: ['Token=.token'],
  codec: UniqueMachineTokenSpec,
  toYaml: (s) => ({
    token: s.token,
  }),
});

/** Processes of the services; id = service. */
export const servicePidType = defineType<ServicePIDSpec>({
  type: 'ServicePIDs.runtime.talos.dev',
  displayType: 'ServicePID',
  namespace: 'runtime',
  aliases: ['servicepid', 'spid', 'spids'],
  columns: ['PID=.pid'],
  codec: ServicePIDSpec,
  toYaml: (s) => ({
    pid: s.pid,
    mountNamespace: s.mountNamespace,
  }),
});

/** Files under /etc that the node writes; id = name. */
export const etcFileStatusType = defineType<EtcFileStatusSpec>({
  type: 'EtcFileStatuses.files.talos.dev',
  displayType: 'EtcFileStatus',
  namespace: 'files',
  aliases: ['etcfilestatus', 'efs'],
  codec: EtcFileStatusSpec,
  toYaml: (s) => ({
    specVersion: s.specVersion,
  }),
});
