export type { AppendFile, FileStat, FileSystemSpace, Files, FileType, WriteOptions } from './port/files.ts';
export type { Host } from './port/host.ts';
export type { KernelLog, KernelLogRecord } from './port/kernel-log.ts';
export type { BpfStep, Capture, CapturedPacket, CaptureOptions, PacketSource } from './port/packets.ts';
export type { PeerCredentials, Peers } from './port/peers.ts';
export type { AddressChange, Family, Link, LinkAddress, NetworkEvent, Route, RouteChange, Rtnetlink } from './port/rtnetlink.ts';
export type {
  Capability,
  Demand,
  Exit,
  PowerAction,
  SpawnSpec,
  SupervisedProcess,
  Supervisor,
  SupervisorEvent,
} from './port/supervisor.ts';
export type { Mount, System } from './port/system.ts';
export {
  IFA_F,
  IFF,
  OWN_ALT_NAME_PREFIX,
  OWN_PROTOCOL,
  RT_SCOPE,
  RT_TABLE,
  RTN,
  RTPROT,
} from './rtnetlink/rtnetlink-constants.ts';
