import type { ShapeTable } from '../shape-table.ts';

/** Documents about storage, and what they contain; notation in shape-table.ts. */
export const STORAGE_SHAPES: ShapeTable = {
  LVMLogicalVolumeConfig: 'name:str! type:str mirrors:uint32 stripes:uint32 provisioning:LVMLogicalVolumeProvisioningSpec',
  LVMLogicalVolumeProvisioningSpec: 'volumeGroup:str minSize:bytes maxSize:bytes',
  LVMVolumeGroupConfig: 'name:str! provisioning:ProvisioningSpec',
  ProvisioningSpec: 'volumeSelector:LVMVolumeSelectorSpec',
  LVMVolumeSelectorSpec: 'match:str',
  RAIDArrayConfig: 'name:str! level:str metadata:str provisioning:RAIDProvisioningSpec',
  RAIDProvisioningSpec: 'volumeSelector:RAIDVolumeSelector',
  RAIDVolumeSelector: 'match:str',
};
