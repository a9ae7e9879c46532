import { Empty } from '@minos/api/google';
import { MachineServiceDefinition } from '@minos/api/machine';
import {
  DiagnosticSpec,
  HostnameStatusSpec,
  InfoSpec,
  MachineStatusSpec,
  MachineTypeSpec,
  MemberSpec,
  NetworkStatusSpec,
  NodeAddressSpec,
  ResolverStatusSpec,
  RouteStatusSpec,
  SystemInformationSpec,
  TimeServerStatusSpec,
  VersionSpec,
} from '@minos/api/resource-specs';
import { formatIp } from '@minos/base';
import { client } from '@minos/rpc';
import type { NodeReading } from './node-reading.ts';
import { isOfNode, listSpecs, type NodeSource } from './node-source.ts';

const STAGES = [
  'unknown',
  'booting',
  'installing',
  'maintenance',
  'running',
  'rebooting',
  'shutting down',
  'resetting',
  'upgrading',
];
const TYPES = ['unknown', 'init', 'controlplane', 'worker'];

/** Asks a node for all that the dashboard shows; throws the Fault of a node that cannot be reached, what it refuses is left out. */
export async function readNode(source: NodeSource, nowMs: () => number): Promise<NodeReading> {
  const [machine, own, network, cluster] = await Promise.all([
    readMachine(source),
    readOwn(source),
    readNetwork(source),
    readCluster(source),
  ]);
  return { atMs: nowMs(), ...machine, ...own, ...network, ...cluster };
}

type Part<K extends keyof NodeReading> = Pick<NodeReading, K>;

async function readMachine(source: NodeSource): Promise<Part<'stat' | 'memory' | 'load' | 'processes' | 'services'>> {
  const machine = client(source.channel, MachineServiceDefinition);
  const nothing = Empty.create();
  const ask = async <M>(call: Promise<{ readonly messages: readonly M[] }>): Promise<M | undefined> =>
    (await orNothing(call))?.messages[0];
  const [stat, memory, load, processes, services] = await Promise.all([
    ask(machine.SystemStat(nothing, source.options)),
    ask(machine.Memory(nothing, source.options)),
    ask(machine.LoadAvg(nothing, source.options)),
    ask(machine.Processes(nothing, source.options)),
    ask(machine.ServiceList(nothing, source.options)),
  ]);
  return { stat, memory: memory?.meminfo, load, processes: processes?.processes, services: services?.services };
}

async function readOwn(
  source: NodeSource,
): Promise<Part<'version' | 'uuid' | 'machineType' | 'stage' | 'isReady' | 'unmet' | 'diagnostics'>> {
  const [versions, informations, types, statuses, diagnostics] = await Promise.all([
    listSpecs(source, { namespace: 'runtime', type: 'Versions.runtime.talos.dev', codec: VersionSpec }),
    listSpecs(source, { namespace: 'hardware', type: 'SystemInformations.hardware.talos.dev', codec: SystemInformationSpec }),
    listSpecs(source, { namespace: 'config', type: 'MachineTypes.config.talos.dev', codec: MachineTypeSpec }),
    listSpecs(source, { namespace: 'runtime', type: 'MachineStatuses.runtime.talos.dev', codec: MachineStatusSpec }),
    listSpecs(source, { namespace: 'runtime', type: 'Diagnostics.runtime.talos.dev', codec: DiagnosticSpec }),
  ]);
  const version = versions?.[0]?.spec;
  const type = types?.[0]?.spec.machineType;
  const status = statuses?.[0]?.spec;
  return {
    version: version === undefined ? undefined : `${version.name} ${version.version}`.trim(),
    uuid: informations?.[0]?.spec.uuid,
    machineType: type === undefined ? undefined : TYPES[type],
    stage: status === undefined ? undefined : STAGES[status.stage],
    isReady: status?.status?.ready,
    unmet: (status?.status?.unmetConditions ?? []).map(({ name, reason }) => `${name}: ${reason}`),
    diagnostics: (diagnostics ?? []).map(({ id, spec }) => [`${id}: ${spec.message}`, ...spec.details].join('; ')),
  };
}

async function readNetwork(
  source: NodeSource,
): Promise<Part<'hostname' | 'addresses' | 'gateways' | 'resolvers' | 'timeServers' | 'isConnected'>> {
  const of = { namespace: 'network' };
  const [hostnames, addresses, routes, resolvers, servers, statuses] = await Promise.all([
    listSpecs(source, { ...of, type: 'HostnameStatuses.net.talos.dev', codec: HostnameStatusSpec }),
    listSpecs(source, { ...of, type: 'NodeAddresses.net.talos.dev', codec: NodeAddressSpec }),
    listSpecs(source, { ...of, type: 'RouteStatuses.net.talos.dev', codec: RouteStatusSpec }),
    listSpecs(source, { ...of, type: 'ResolverStatuses.net.talos.dev', codec: ResolverStatusSpec }),
    listSpecs(source, { ...of, type: 'TimeServerStatuses.net.talos.dev', codec: TimeServerStatusSpec }),
    listSpecs(source, { ...of, type: 'NetworkStatuses.net.talos.dev', codec: NetworkStatusSpec }),
  ]);
  const routed = addresses?.find(({ id }) => id === 'routed') ?? addresses?.find(({ id }) => id === 'current');
  const gateways = routes
    ?.filter(({ spec }) => (spec.destination?.ip.length ?? 0) === 0 || spec.destination?.prefixLength === 0)
    .map(({ spec }) => ipText(spec.gateway))
    .filter((text) => text !== '');
  return {
    hostname: hostnames?.[0]?.spec.hostname,
    addresses: routed?.spec.addresses.map((prefix) => `${ipText(prefix)}/${prefix.prefixLength}`),
    gateways: gateways === undefined ? undefined : [...new Set(gateways)],
    resolvers: resolvers?.[0]?.spec.dnsServers.map(ipText),
    timeServers: servers?.[0]?.spec.ntpServers,
    isConnected: statuses?.[0]?.spec.connectivityReady,
  };
}

async function readCluster(source: NodeSource): Promise<Part<'clusterName' | 'members'>> {
  const of = { namespace: 'cluster' };
  const [infos, members] = await Promise.all([
    listSpecs(source, { ...of, type: 'Infos.cluster.talos.dev', codec: InfoSpec }),
    listSpecs(source, { ...of, type: 'Members.cluster.talos.dev', codec: MemberSpec }),
  ]);
  return { clusterName: infos?.[0]?.spec.clusterName, members: members?.length };
}

function ipText(address: { readonly ip: Uint8Array } | undefined): string {
  const length = address?.ip.length ?? 0;
  return address === undefined || (length !== 4 && length < 16) ? '' : formatIp(address.ip.subarray(0, Math.min(length, 16)));
}

/** What a node does not tell is no failure of the dashboard. */
async function orNothing<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer;
  } catch (e) {
    if (isOfNode(e)) throw e;
    return undefined;
  }
}
