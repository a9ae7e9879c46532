import type { ShapeTable } from '../shape-table.ts';

/** Documents about block, and what they contain; notation in shape-table.ts. */
export const BLOCK_SHAPES: ShapeTable = {
  EncryptionSpec: `
    provider:str keys:EncryptionKey[] cipher:str keySize:uint blockSize:uint64 options:str[] allowDiscards:bool
  `,
  EncryptionKey: `
    slot:int static:EncryptionKeyStatic nodeID:Nothing kms:EncryptionKeyKMS tpm:EncryptionKeyTPM lockToState:bool
  `,
  EncryptionKeyStatic: 'passphrase:str',
  EncryptionKeyKMS: 'endpoint:str',
  EncryptionKeyTPM: 'options:EncryptionKeyTPMOptions checkSecurebootStatusOnEnroll:bool',
  EncryptionKeyTPMOptions: 'pcrs:int[]',
  ExistingVolumeConfig: 'name:str! discovery:VolumeDiscoverySpec mount:ExistingMountSpec trim:TrimConfig scrub:ScrubConfig',
  VolumeDiscoverySpec: 'volumeSelector:VolumeSelector',
  VolumeSelector: 'match:str',
  ExistingMountSpec: 'readOnly:bool disableAccessTime:bool secure:bool',
  ExternalVolumeConfig: 'name:str! filesystemType:str mount:ExternalMountSpec',
  ExternalMountSpec: 'readOnly:bool disableAccessTime:bool secure:bool virtiofs:VirtiofsMountSpec',
  VirtiofsMountSpec: 'tag:str',
  FilesystemTrimConfig: 'interval:dur',
  FilesystemScrubConfig: 'interval:dur',
  RawVolumeConfig: 'name:str! provisioning:ProvisioningSpec encryption:EncryptionSpec',
  ScrubConfig: 'enabled:bool interval:dur',
  SwapVolumeConfig: 'name:str! provisioning:ProvisioningSpec encryption:EncryptionSpec',
  TrimConfig: 'enabled:bool interval:dur',
  UserVolumeConfig: `
    name:str! volumeType:str provisioning:ProvisioningSpec filesystem:FilesystemSpec encryption:EncryptionSpec
    mount:UserMountSpec trim:TrimConfig scrub:ScrubConfig
  `,
  UserMountSpec: 'disableAccessTime:bool secure:bool',
  FilesystemSpec: 'type:str projectQuotaSupport:bool xfs:XFSSpec',
  XFSSpec: 'minAllocationGroupSize:bytes',
  VolumeConfig: `
    name:str! provisioning:ProvisioningSpec filesystem:SystemVolumeFilesystemSpec encryption:EncryptionSpec mount:MountSpec
    trim:TrimConfig scrub:ScrubConfig
  `,
  SystemVolumeFilesystemSpec: 'xfs:XFSSpec',
  MountSpec: 'secure:bool disableAccessTime:bool',
  ProvisioningSpec: 'diskSelector:DiskSelector grow:bool minSize:bytes maxSize:bytes',
  DiskSelector: 'match:str',
  ZswapConfig: 'maxPoolPercent:int shrinkerEnabled:bool',
};
