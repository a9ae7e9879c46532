import type { ShapeTable } from '../shape-table.ts';

/** Documents about network, and what they contain; notation in shape-table.ts. */
export const NETWORK_SHAPES: ShapeTable = {
  BGPInstanceConfig: `
    name:str! vrf:str localASN:uint32! routerID:ip routeSource:ip advertise:str[]~ multipath:bool maxPaths:uint8
    installRoutes:bool importRoutes:BGPImportRoute[]~ neighbors:BGPNeighborConfig[]~
  `,
  BGPImportRoute: 'bgpInstance:str prefixes:cidr[]',
  BGPNeighborConfig: 'address:ip link:str peerASN:uint32 localASN:uint32 passive:bool holdTime:dur bfd:BGPBFDConfig',
  BGPBFDConfig: 'transmitInterval:dur receiveInterval:dur detectMultiplier:uint8',
  BlackholeRouteConfig: 'name:str! metric:uint32',
  BondConfig: `
    name:str! hardwareAddr:mac links:str[]! bondMode:BondMode! miimon:uint32 updelay:uint32 downdelay:uint32 useCarrier:bool
    xmitHashPolicy:BondXmitHashPolicy arpInterval:uint32 arpIpTargets:ip[] nsIp6Targets:ip[] arpValidate:ARPValidate
    arpAllTargets:ARPAllTargets lacpRate:LACPRate failOverMac:FailOverMAC adSelect:ADSelect adActorSysPrio:uint16
    adUserPortKey:uint16 adLACPActive:ADLACPActive primary:str primaryReselect:PrimaryReselect resendIGMP:uint32
    minLinks:uint32 lpInterval:uint32 packetsPerSlave:uint32 numPeerNotif:uint8 tlbLogicalLb:uint8 allSlavesActive:uint8
    peerNotifDelay:uint32 missedMax:uint8 +CommonLinkConfig
  `,
  BridgeConfig: 'name:str! hardwareAddr:mac links:str[] stp:BridgeSTPConfig vlan:BridgeVLANConfig +CommonLinkConfig',
  BridgeSTPConfig: 'enabled:bool',
  BridgeVLANConfig: 'filtering:bool',
  NetworkDefaultActionConfig: 'ingress:DefaultAction!',
  DHCPv4Config: `
    name:str! routeMetric:uint32 ignoreHostname:bool ignoreRoutes:bool clientIdentifier:ClientIdentifier duidRaw:mac
  `,
  DHCPv6Config: 'name:str! routeMetric:uint32 ignoreHostname:bool clientIdentifier:ClientIdentifier duidRaw:mac',
  DummyLinkConfig: 'name:str! hardwareAddr:mac +CommonLinkConfig',
  EthernetConfig: 'name:str! features:map<bool> rings:EthernetRingsConfig channels:EthernetChannelsConfig wakeOnLan:WOLMode[]',
  EthernetRingsConfig: `
    rx:uint32 tx:uint32 rx-mini:uint32 rx-jumbo:uint32 rx-buf-len:uint32 cqe-size:uint32 tx-push:bool rx-push:bool
    tx-push-buf-len:uint32 tcp-data-split:bool
  `,
  EthernetChannelsConfig: 'rx:uint32 tx:uint32 other:uint32 combined:uint32',
  HCloudVIPConfig: 'name:str! link:str! apiToken:str!',
  HostnameConfig: 'auto:AutoHostnameKind hostname:str',
  HTTPProbeConfig: 'name:str! +CommonProbeConfig url:url! timeout:dur',
  KubeSpanConfig: `
    enabled:bool advertiseKubernetesNetworks:bool allowDownPeerBypass:bool harvestExtraEndpoints:bool mtu:uint32
    filters:KubeSpanFiltersConfig
  `,
  KubeSpanFiltersConfig: 'endpoints:str[] excludeAdvertisedNetworks:cidr[]',
  KubeSpanEndpointsConfig: 'extraAnnouncedEndpoints:ipport[]',
  Layer2VIPConfig: 'name:str! link:str!',
  LinkConfig: 'name:str! +CommonLinkConfig',
  CommonLinkConfig: 'up:bool mtu:uint32 addresses:AddressConfig[] routes:RouteConfig[] multicast:bool',
  AddressConfig: 'address:cidr! routePriority:uint32',
  RouteConfig: 'destination:cidr gateway:ip source:ip metric:uint32 mtu:uint32 table:table',
  LinkAliasConfig: 'name:str! selector:LinkSelector!',
  LinkSelector: 'match:str',
  ResolverConfig: 'nameservers:NameserverConfig[] searchDomains:SearchDomainsConfig hostDNS:HostDNSConfig',
  NameserverConfig: 'address:ip! protocol:DNSProtocol tlsServerName:str',
  SearchDomainsConfig: 'domains:str[] disableDefault:bool',
  HostDNSConfig: 'enabled:bool forwardKubeDNSToHost:bool resolveMemberNames:bool',
  RoutingRuleConfig: `
    name:str! src:cidr dst:cidr table:table action:RoutingRuleAction iifName:str oifName:str fwMark:uint32 fwMask:uint32
  `,
  NetworkRuleConfig: 'name:str! portSelector:RulePortSelector! ingress:IngressRule[]~',
  RulePortSelector: 'ports:portrange[]~! protocol:Protocol!',
  IngressRule: 'subnet:cidr except:cidr',
  StaticHostConfig: 'name:str! hostnames:str[]!',
  TCPProbeConfig: 'name:str! +CommonProbeConfig endpoint:str! timeout:dur',
  CommonProbeConfig: 'interval:dur failureThreshold:int',
  TimeSyncConfig: 'enabled:bool bootTimeout:dur ntp:NTPConfig ptp:PTPConfig',
  NTPConfig: 'servers:str[] useNTS:bool',
  PTPConfig: 'devices:str[]',
  VethConfig: 'name:str! peer:VethPeerConfig! +CommonLinkConfig',
  VethPeerConfig: 'name:str! +CommonLinkConfig',
  VLANConfig: 'name:str! vlanID:uint16! vlanMode:VLANProtocol parent:str! +CommonLinkConfig',
  VRFConfig: 'name:str! hardwareAddr:mac links:str[] table:table! +CommonLinkConfig',
  WireguardConfig: 'name:str! privateKey:str! listenPort:int firewallMark:int peers:WireguardPeer[] +CommonLinkConfig',
  WireguardPeer: 'publicKey:str presharedKey:str endpoint:ipport persistentKeepaliveInterval:dur allowedIPs:cidr[]',
};
