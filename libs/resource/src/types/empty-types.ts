import { Empty } from '@minos/api/google';
import type { ResourceType } from '../resource-type.ts';
import { defineType } from './define-type.ts';

/** Full name | namespace | sensitive | short names | columns, as clients of the compatible system know them. */
const TABLE = `
BlockSymlinks.block.talos.dev | runtime | | blocksymlink, bs |
DiscoveredVolumesStatuses.block.talos.dev | runtime | | discoveredvolumesstatus, dvs | Ready=.ready
DiscoveryRefreshRequests.block.talos.dev | runtime | | discoveryrefreshrequest, drr, drrs | Request=.request
DiscoveryRefreshStatuses.block.talos.dev | runtime | | discoveryrefreshstatus, drs | Request=.request
FSScrubSchedules.block.talos.dev | runtime | | fsscrubschedule, fsss | Filesystem=.filesystem; Interval=.interval; Next Scrub=.nextScrub
FSScrubStatuses.block.talos.dev | runtime | | fsscrubstatus, fsss | Mountpoint=.mountpoint; Interval=.interval; Latest start time=.time; Latest run duration=.duration; Latest status=.status
MountRequests.block.talos.dev | runtime | | mountrequest, mr, mrs | Volume=.volumeID; Parent=.parentID; Requesters=.requesters
SwapStatuses.block.talos.dev | runtime | | swap, swaps, swapstatus, ss | Device=.device; Size=.sizeHuman; Used=.usedHuman; Priority=.priority
UserDiskConfigStatuses.block.talos.dev | runtime | | userdiskconfigstatus, udcs | Ready=.ready
VolumeConfigs.block.talos.dev | runtime | sensitive | volumeconfig, vc, vcs |
VolumeLifecycles.block.talos.dev | runtime | | volumelifecycle, vl, vls |
VolumeMountRequests.block.talos.dev | runtime | | volumemountrequest, vmr, vmrs | Volume ID=.volumeID; Requester=.requester
VolumeMountStatuses.block.talos.dev | runtime | | volumemountstatus, vms | Volume ID=.volumeID; Requester=.requester; Target=.target
VolumeTrimSchedules.block.talos.dev | runtime | | volumetrimschedule, vts | Filesystem=.filesystem; Interval=.interval; Next Trim=.nextTrim
ZswapStatuses.block.talos.dev | runtime | | zswapstatus, zs | Total Size=.totalSizeHuman; Stored Pages=.storedPages; Written Back=.writtenBackPages; Pool Limit Hit=.poolLimitHit
DiscoveryConfigs.cluster.talos.dev | config | sensitive | discoveryconfig, dc, dcs |
ContainerImageStatuses.containers.talos.dev | containers | | containerimagestatus, containerimagestatuses, containerimagestatus, cis | Phase=.phase; Digest=.digest
ContainerInstanceSpecs.containers.talos.dev | containers | | containerinstancespec, containerinstancespecs, containerinstancespec, cis | Container=.containerID; Generation=.generation; Image=.image
ContainerSpecs.containers.talos.dev | containers | | containerspec, containerspecs, containerspec, cs | Image=.image.ref
BaseRuntimeSpecConfigs.cri.talos.dev | cri | | baseruntimespecconfig, brsc, brscs |
CustomizationConfigs.cri.talos.dev | cri | sensitive | customizationconfig, cc, ccs |
ImageCacheConfigs.cri.talos.dev | cri | | imagecacheconfig, icc, iccs | Status=.status; CopyStatus=.copyStatus; Roots=.roots
RegistryConfigs.cri.talos.dev | cri | sensitive | registryconfig, rc, rcs |
SeccompProfiles.cri.talos.dev | cri | | seccompprofile, sp, sps |
EtcdConfigs.etcd.talos.dev | etcd | | etcdconfig, ec, ecs | Image=.image
EtcdMembers.etcd.talos.dev | etcd | | etcdmember, em, ems | Member ID=.memberID
EtcdSpecs.etcd.talos.dev | etcd | | etcdspec, es | Name=.name; AdvertisedAddresses=.advertisedAddresses; ListenPeerAddresses=.listenPeerAddresses; ListenClientAddresses=.listenClientAddresses
PKIStatuses.etcd.talos.dev | etcd | | pkistatus, pkis | Ready=.ready; Secrets Version=.version
EtcFileSpecs.files.talos.dev | files | sensitive | etcfilespec, efs |
PCIDriverRebindConfigs.runtime.talos.dev | hardware | | pcidriverrebindconfig, pcidrc, pcidrcs | Name=.name; PCI ID=.pciID; TargetDriver=.targetDriver
PCIDriverRebindStatuses.runtime.talos.dev | hardware | | pcidriverrebinds, pcidriverrebindstatus, pcidrs | Name=.name; PCI ID=.pciID; TargetDriver=.targetDriver
PCRStatuses.hardware.talos.dev | hardware | | pcrstatus, pcrs |
APIServerConfigs.kubernetes.talos.dev | controlplane | sensitive | apiserverconfig, apisc, apiscs |
AdmissionControlConfigs.kubernetes.talos.dev | controlplane | | admissioncontrolconfig, acc, accs |
AuditPolicyConfigs.kubernetes.talos.dev | controlplane | sensitive | auditpolicyconfig, apc, apcs |
AuthenticationConfigs.kubernetes.talos.dev | controlplane | sensitive | authenticationconfig, ac, acs |
AuthorizationConfigs.kubernetes.talos.dev | controlplane | sensitive | authorizationconfig, ac, acs |
BootstrapManifestsConfigs.kubernetes.talos.dev | controlplane | | bootstrapmanifestsconfig, bmc, bmcs |
ConfigStatuses.kubernetes.talos.dev | controlplane | | configstatus, cs | Ready=.ready; Secrets Version=.version
ControllerManagerConfigs.kubernetes.talos.dev | controlplane | | controllermanagerconfig, cmc, cmcs |
Endpoints.kubernetes.talos.dev | controlplane | | endpoint | Addresses=.addresses; Hosts=.hosts
EtcdEncryptionConfigs.kubernetes.talos.dev | k8s | sensitive | etcdencryptionconfig, eec, eecs |
ExtraManifestsConfigs.kubernetes.talos.dev | controlplane | | extramanifestsconfig, emc, emcs |
KubePrismConfigs.kubernetes.talos.dev | k8s | | kubeprismconfig, kpc, kpcs | Host=.host; Port=.port; Endpoints=.endpoints
KubePrismEndpoints.kubernetes.talos.dev | k8s | | kubeprismendpoint, kpe, kpes | Hosts=.endpoints[*].host; Ports=.endpoints[*].port
KubePrismStatuses.kubernetes.talos.dev | k8s | | kubeprismstatus, kps | HOST=.host; HEALTHY=.healthy
KubeletConfigs.kubernetes.talos.dev | k8s | sensitive | kubeletconfig, kc, kcs |
KubeletKubeconfigs.kubernetes.talos.dev | k8s | | kubeletkubeconfig, kk, kks | Hash=.hash
KubeletLifecycles.kubernetes.talos.dev | k8s | | kubeletlifecycle, kl, kls |
KubeletSpecs.kubernetes.talos.dev | k8s | sensitive | kubeletspec, ks |
KubeletStatuses.kubernetes.talos.dev | k8s | | kubeletstatus, ks | Image=.image
ManifestStatuses.kubernetes.talos.dev | controlplane | | manifeststatus, ms |
Manifests.kubernetes.talos.dev | controlplane | | manifest |
NodeAnnotationSpecs.k8s.talos.dev | k8s | sensitive | nodeannotationspec, nas | Value=.value
NodeCordonedSpecs.k8s.talos.dev | k8s | sensitive | nodecordonedspec, ncs |
NodeIPConfigs.kubernetes.talos.dev | k8s | | nodeipconfig, nipc, nipcs |
NodeIPs.kubernetes.talos.dev | k8s | | nodeip, nip, nips |
NodeStatuses.kubernetes.talos.dev | k8s | | nodestatus, ns | Ready=.nodeReady; Unschedulable=.unschedulable
NodeTaintSpecs.k8s.talos.dev | k8s | sensitive | nodetaintspec, nts | Effect=.effect; Value=.value
Nodenames.kubernetes.talos.dev | k8s | | nodename | Nodename=.nodename
SchedulerConfigs.kubernetes.talos.dev | controlplane | | schedulerconfig, sc, scs |
SecretStatuses.kubernetes.talos.dev | controlplane | | secretstatus, ss | Ready=.ready; Secrets Version=.version
StaticPodServerStatuses.kubernetes.talos.dev | k8s | | staticpodserverstatus, spss |
StaticPodStatuses.kubernetes.talos.dev | k8s | | podstatus, staticpodstatus, sps | Ready=.conditions[?(@.type=="Ready")].status
StaticPods.kubernetes.talos.dev | k8s | | staticpod, sp, sps |
KubernetesAccessConfigs.cluster.talos.dev | config | | kubernetesaccessconfig, kac, kacs |
KubeSpanConfigs.kubespan.talos.dev | config | sensitive | kubespanconfig, ksc, kscs |
KubeSpanEndpoints.kubespan.talos.dev | kubespan | | kubespanendpoint, kse, kses | Endpoint=.endpoint; Affiliate ID=.affiliateID
KubeSpanIdentities.kubespan.talos.dev | kubespan | sensitive | kubespanidentity, ksi, ksis | Address=.address; PublicKey=.publicKey
KubeSpanPeerSpecs.kubespan.talos.dev | kubespan | | kubespanpeerspec, ksps | Label=.label; Endpoints=.endpoints
KubeSpanPeerStatuses.kubespan.talos.dev | kubespan | | kubespanpeerstatus, ksps | Label=.label; Endpoint=.endpoint; State=.state; Rx=.receiveBytes; Tx=.transmitBytes
BGPInstanceConfigs.net.talos.dev | network | | bgpinstanceconfig, bgpic, bgpics | Local ASN=.localASN; Router ID=.routerID; VRF=.vrf; Neighbors=.neighbors
BGPPeerStatuses.net.talos.dev | network | | bgppeerstatus, bgpps | Instance=.instance; Peer=.peer; Peer AS=.peerASN; State=.state; Since=.since; Received=.received
DNSResolveCaches.net.talos.dev | network | | dnsresolvecach, dnsrc, dnsrcs | Status=.status
DNSUpstreams.net.talos.dev | network | | dnsupstream, dnsu, dnsus | Healthy=.healthy; Address=.addr
DeviceConfigSpecs.net.talos.dev | network | sensitive | deviceconfigspec, dcs |
EthernetSpecs.net.talos.dev | network | | ethernetspec, es |
EthernetStatuses.net.talos.dev | network | | ethtool, ethernetstatus, es | Link=.linkState; Speed=.speedMbit
HostDNSConfigs.net.talos.dev | network | | hostdnsconfig, hdnsc, hdnscs | Enabled=.enabled
LinkAliasSpecs.net.talos.dev | network | | linkaliasspec, las | Alias=.alias
LinkRefreshes.net.talos.dev | network | | linkrefresh, lr, lrs |
NfTablesChains.net.talos.dev | network | | chain, chains, nftableschain, ntc, ntcs | Type=.type; Hook=.hook; Priority=.priority; Policy=.policy
NodeAddressFilters.net.talos.dev | network | | nodeaddressfilter, naf, nafs | Include Subnets=.includeSubnets; Exclude Subnets=.excludeSubnets
NodeAddressSortAlgorithms.net.talos.dev | network | | nodeaddresssortalgorithm, nasa, nasas | Algorithm=.algorithm
OperatorSpecs.net.talos.dev | network | sensitive | operatorspec, os |
PlatformConfigs.net.talos.dev | network | | platformconfig, pc, pcs |
ProbeSpecs.net.talos.dev | network | | probespec, ps |
ProbeStatuses.net.talos.dev | network | | probe, probes, probestatus, ps | Success=.success
RoutingRuleSpecs.net.talos.dev | network | | routingrulespec, rrs |
RoutingRuleStatuses.net.talos.dev | network | | routingrule, routingrules, routingrulestatus, rrs | Src=.src; Dst=.dst; Table=.table; Priority=.priority
StaticHosts.net.talos.dev | network | | statichost, sh, shs | Addresses=.addresses
TimeServerSpecs.net.talos.dev | network | | timeserverspec, tss | Timeservers=.timeServers; UseNTS=.useNTS
BootedEntries.talos.dev | runtime | | bootedentry, be, bes | Booted Entry=.bootedEntry
DevicesStatuses.runtime.talos.dev | runtime | | devicesstatus, ds | Ready=.ready
Environments.runtime.talos.dev | runtime | | env, environment | Variables=.variables
EventSinkConfigs.runtime.talos.dev | runtime | | eventsinkconfig, esc, escs |
ExtensionServiceConfigStatuses.runtime.talos.dev | runtime | | extensionserviceconfigstatus, escs |
ExtensionServiceConfigs.runtime.talos.dev | runtime | sensitive | extensionserviceconfig, esc, escs |
ExtensionStatuses.runtime.talos.dev | runtime | | extensions, extensionstatus, es | Name=.metadata.name; Version=.metadata.version
ImageFactorySchematics.runtime.talos.dev | runtime | | imagefactoryschematic, ifs | Schematic ID=.schematicId; Flavor=.flavor; API URL=.apiUrl
KmsgLogConfigs.runtime.talos.dev | runtime | | kmsglogconfig, klc, klcs |
MachineResetSignals.runtime.talos.dev | runtime | | machineresetsignal, mrs |
MaintenanceServiceConfigs.runtime.talos.dev | runtime | | maintenanceserviceconfig, msc, mscs |
MaintenanceServiceRequests.runtime.talos.dev | runtime | | maintenanceservicerequest, msr, msrs |
OOMActions.talos.dev | runtime | sensitive | oomaction, ooma, oomas | Time=.time; Score=.score
RebootRequests.runtime.talos.dev | runtime | | rebootrequest, rr, rrs |
SBOMItems.talos.dev | runtime | | sbomitem, sbomi, sbomis | Version=.version; License=.license; Extension=.extension
UnattendedInstallStatuses.runtime.talos.dev | runtime | | unattendedinstallstatus, uis | Phase=.phase
WatchdogTimerConfigs.runtime.talos.dev | runtime | | watchdogtimerconfig, wtc, wtcs | Device=.device; Timeout=.timeout
WatchdogTimerStatuses.runtime.talos.dev | runtime | | watchdogtimerstatus, wts | Device=.device; Timeout=.timeout
EncryptionSalts.secrets.talos.dev | secrets | sensitive | encryptionsalt, es |
EtcdRootSecrets.secrets.talos.dev | secrets | sensitive | etcdrootsecret, ers |
EtcdSecrets.secrets.talos.dev | secrets | sensitive | etcdsecret, es |
KubeletSecrets.secrets.talos.dev | secrets | sensitive | kubeletsecret, ks |
KubernetesDynamicCerts.secrets.talos.dev | secrets | sensitive | kubernetesdynamiccert, kdc, kdcs |
KubernetesRootSecrets.secrets.talos.dev | secrets | sensitive | kubernetesrootsecret, krs |
KubernetesSecrets.secrets.talos.dev | secrets | sensitive | kubernetessecret, ks |
MaintenanceRootSecrets.secrets.talos.dev | secrets | sensitive | maintenancerootsecret, mrs |
ImageVerificationRules.security.talos.dev | security | | imageverificationrule, ivr, ivrs | Pattern=.imagePattern; Skip=.skip; Deny=.deny
TUFTrustedRoots.security.talos.dev | security | | tuftrustedroot, tuftr, tuftrs | Last Refresh=.lastRefreshTime
SiderolinkConfigs.siderolink.talos.dev | config | sensitive | siderolinkconfig, sc, scs | API Endpoint=.apiEndpoint; Tunnel=.tunnel
SiderolinkStatuses.siderolink.talos.dev | config | | siderolinkstatus, ss | Host=.host; Connected=.connected
SiderolinkTunnels.siderolink.talos.dev | config | sensitive | siderolinktunnel, st, sts | API Endpoint=.apiEndpoint; Link name=.linkName; MTU=.mtu; Node address=.nodeAddress
LVMLogicalVolumeSpecs.storage.talos.dev | storage | | lvmlogicalvolumespec, lvmlvs | VG=.vgName; Name=.name; Type=.type
LVMLogicalVolumeStatuses.storage.talos.dev | storage | | lvs, lvmlogicalvolumestatus, lvmlvs | Path=.path; VG=.vgName; Layout=.layout; Size=.prettySize; Active=.active
LVMPhysicalVolumeSpecs.storage.talos.dev | storage | | lvmphysicalvolumespec, lvmpvs | Device=.device; VG=.vgName
LVMPhysicalVolumeStatuses.storage.talos.dev | storage | | pvs, lvmphysicalvolumestatus, lvmpvs | Device=.device; VG=.vgName; Size=.prettySize; Free=.prettyFree; Allocatable=.allocatable
LVMRefreshRequests.storage.talos.dev | storage | | lvmrefreshrequest, lvmrr, lvmrrs | Request=.request
LVMValidationErrors.storage.talos.dev | storage | | lvmvalidationerror, lvmve, lvmves | VG=.vgName; Message=.message
LVMVolumeGroupSpecs.storage.talos.dev | storage | | lvmvolumegroupspec, lvmvgs | Name=.name
LVMVolumeGroupStatuses.storage.talos.dev | storage | | vgs, lvmvolumegroupstatus, lvmvgs | Name=.name; Permissions=.permissions; Size=.prettySize; Free=.prettyFree; PVs=.pvCount; LVs=.lvCount
MDArraySpecs.storage.talos.dev | storage | | mdarrayspec, mdas | Level=.level
MDArrayStatuses.storage.talos.dev | storage | | mdarraystatus, mdas | Level=.level; Status=.status; Sync=.syncAction; Device=.device
MDRefreshRequests.storage.talos.dev | storage | | mdrefreshrequest, mdrr, mdrrs | Request=.request
AdjtimeStatuses.v1alpha1.talos.dev | runtime | | adjtimestatus, as | Offset=.offset; EstError=.estError; MaxError=.maxError; Status=.status; Sync=.syncStatus
NTPStatuses.v1alpha1.talos.dev | runtime | | ntpstatus, ntps | Spike Detected=.spikeDetected; Consecutive Spikes=.consecutiveSpikes
AcquireConfigSpecs.v1alpha1.talos.dev | runtime | | acquireconfigspec, acs |
AcquireConfigStatuses.v1alpha1.talos.dev | runtime | | acquireconfigstatus, acs |
`;

/**
 * Types that clients ask for and this version has none of: they are known by name, list as empty, and are as sensitive as
 * when there were some. A type that gets a spec moves from here into a file of its own.
 */
export const emptyTypes: readonly ResourceType<unknown>[] = TABLE.trim().split('\n').map(emptyType);

function emptyType(row: string): ResourceType<Empty> {
  const [type = '', namespace = '', sensitive, aliases = '', columns = ''] = row.split('|').map((cell) => cell.trim());
  return defineType<Empty>({
    type,
    displayType: singular(type.slice(0, type.indexOf('.'))),
    namespace,
    aliases: aliases.split(', '),
    columns: columns === '' ? [] : columns.split('; '),
    ...(sensitive === 'sensitive' ? { isSensitive: true } : {}),
    codec: Empty,
    toYaml: () => ({}),
  });
}

/** The word in the singular, by the rules that the compatible system uses. */
function singular(word: string): string {
  if (word.endsWith('ies')) return `${word.slice(0, -3)}y`;
  return word.replace(/(?<=s|sh|ch|x)es$|s$/, '');
}
