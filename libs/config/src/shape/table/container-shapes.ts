import type { ShapeTable } from '../shape-table.ts';

/** Documents about container, and what they contain; notation in shape-table.ts. */
export const CONTAINER_SHAPES: ShapeTable = {
  ContainerConfig: `
    name:str! image:str! entrypoint:str[] args:str[] workingDir:str runAs:ContainerRunAs environment:str[]
    mounts:ContainerMount[] security:ContainerSecurity network:ContainerNetwork resources:ContainerResources
    dependsOn:ContainerDependsOn
  `,
  ContainerMount: 'userVolume:UserVolumeMount tmpfs:TmpfsMount hostPath:HostPathMount',
  UserVolumeMount: 'name:str destination:str options:str[]',
  TmpfsMount: 'destination:str size:str options:str[]',
  HostPathMount: 'source:str destination:str options:str[]',
  ContainerRunAs: 'uid:int32 gid:int32',
  ContainerNetwork: 'mode:str',
  ContainerResources: 'limits:ContainerResourceLimits',
  ContainerResourceLimits: 'cpu:str memory:str',
  ContainerDependsOn: 'paths:str[] networks:str[] time:bool containers:str[]',
  ContainerSecurity: 'profile:str capabilities:ContainerCapabilities',
  ContainerCapabilities: 'add:str[] drop:str[]',
};
