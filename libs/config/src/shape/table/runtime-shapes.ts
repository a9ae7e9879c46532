import type { ShapeTable } from '../shape-table.ts';

/** Documents about runtime, and what they contain; notation in shape-table.ts. */
export const RUNTIME_SHAPES: ShapeTable = {
  EnvironmentConfig: 'variables:map',
  EtcFileConfig: 'name:str! mode:mode contents:str!',
  EventSinkConfig: 'endpoint:str!',
  KernelModuleConfig: 'name:str! parameters:str[]',
  KmsgLogConfig: 'name:str! url:url!',
  OOMConfig: 'triggerExpression:str cgroupRankingExpression:str strictCgroupClassOrdering:bool sampleInterval:dur',
  SecurityProfileConfig: 'workloadIsolation:bool',
  SysctlConfig: 'params:map',
  SysfsConfig: 'params:map',
  UdevRulesConfig: 'rules:str[]',
  UnattendedInstallConfig: 'reboot:bool installer:InstallerSpec provisioning:ProvisioningSpec',
  InstallerSpec: 'image:str',
  ProvisioningSpec: 'diskSelector:DiskSelectorSpec wipe:bool',
  DiskSelectorSpec: 'match:str',
  WatchdogTimerConfig: 'device:str! timeout:dur',
};
