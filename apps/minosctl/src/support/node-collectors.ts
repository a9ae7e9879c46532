import { ContainerDriver } from '@minos/api/common';
import { StateDefinition } from '@minos/api/cosi';
import { Empty } from '@minos/api/google';
import { InspectServiceDefinition } from '@minos/api/inspect';
import {
  ContainersRequest,
  MachineServiceDefinition,
  NetstatRequest_Filter as NetstatFilter,
  NetstatRequest,
  StatsRequest,
} from '@minos/api/machine';
import { DiagnosisServiceDefinition } from '@minos/api/minos';
import { isFault } from '@minos/base';
import { toYamlText } from '@minos/config';
import { type CallOptions, client, type RpcChannel } from '@minos/rpc';
import { dotText } from '../commands/inspect-dependencies.ts';
import { whyLines } from '../commands/why.ts';
import { listDefinitions } from '../get/resolve-type.ts';
import { plainValue } from '../output/plain-value.ts';
import { type Collector, fileName, streamCollector, textCollector } from './collector.ts';
import { resourceDocuments } from './resource-documents.ts';

/** How a node is reached. */
export interface NodeReach {
  readonly node: string;
  readonly channel: RpcChannel;
  readonly options: CallOptions;
}

type Machine = ReturnType<typeof clientsOf>['machine'];

const UNARY_MS = 60_000;
const STREAM_MS = 300_000;
const SYSTEM = 'system';
const KERNEL = 'kernel';

/** Everything that a bundle has of a node; throws what a node throws that cannot be asked. */
export async function nodeCollectors(reach: NodeReach): Promise<readonly Collector[]> {
  const clients = clientsOf(reach);
  const { machine, state, diagnosis, unary, stream } = clients;
  const [definitions, services, logs, boots] = await Promise.all([
    listDefinitions(state, unary),
    machine.ServiceList(Empty.create(), unary),
    orWithout(machine.LogsContainers(Empty.create(), unary), { messages: [] }),
    orWithout(diagnosis.Boots({}, unary), { boots: [] }),
  ]);
  const ids = new Set([
    ...services.messages.flatMap((message) => message.services.map(({ id }) => id)),
    ...logs.messages.flatMap((message) => message.ids),
  ]);
  return [
    ...statusCollectors(clients),
    ...diagnosisCollectors(reach.node, clients),
    ...definitions.map((definition): Collector => {
      const collect = () => resourceDocuments({ state, definition, options: stream });
      return { name: `resources/${fileName(definition.resourceType.toLowerCase())}.yaml`, collect };
    }),
    ...[...ids].toSorted().flatMap((id) => serviceCollectors(id, clients)),
    ...boots.boots.flatMap(({ boot, logs: kept }) => kept.map((service) => bootLogCollector(boot, service, clients))),
  ];
}

function clientsOf({ channel, options }: NodeReach) {
  return {
    machine: client(channel, MachineServiceDefinition),
    state: client(channel, StateDefinition),
    diagnosis: client(channel, DiagnosisServiceDefinition),
    inspect: client(channel, InspectServiceDefinition),
    unary: { ...options, timeoutMs: UNARY_MS },
    stream: { ...options, timeoutMs: STREAM_MS },
  };
}

type Clients = ReturnType<typeof clientsOf>;

/** Files that the compatible system's bundle has too bear the same names. */
function statusCollectors({ machine, inspect, unary, stream }: Clients): readonly Collector[] {
  const ask = (name: string, call: (machine: Machine) => Promise<{ readonly messages: readonly object[] }>): Collector =>
    textCollector(name, async () => documents((await call(machine)).messages));
  return [
    ask('summary', (m) => m.Version(Empty.create(), unary)),
    streamCollector('dmesg.log', () => machine.Dmesg({ follow: false, tail: false }, stream)),
    textCollector('dependencies.dot', async () => {
      const { messages } = await inspect.ControllerRuntimeDependencies(Empty.create(), unary);
      return messages.map(({ edges }) => dotText(edges)).join('');
    }),
    ask('mounts', (m) => m.Mounts(Empty.create(), unary)),
    streamCollector('devices', () => machine.Read({ path: '/proc/bus/pci/devices' }, stream)),
    ask('io', (m) => m.DiskStats(Empty.create(), unary)),
    ask('processes', (m) => m.Processes(Empty.create(), unary)),
    ask('services', (m) => m.ServiceList(Empty.create(), unary)),
    ask('memory', (m) => m.Memory(Empty.create(), unary)),
    ask('netstat', (m) => m.Netstat(allSockets(), unary)),
    ask('containers', (m) => m.Containers(ContainersRequest.fromPartial({ namespace: SYSTEM }), unary)),
    ask('stats', (m) => m.Stats(StatsRequest.fromPartial({ namespace: SYSTEM }), unary)),
  ];
}

function diagnosisCollectors(node: string, { diagnosis, unary }: Clients): readonly Collector[] {
  return [
    textCollector('sequences.yaml', async () => documents([await diagnosis.Sequences({}, unary)])),
    textCollector('boots.yaml', async () => documents((await diagnosis.Boots({}, unary)).boots)),
    textCollector('why.txt', async () => {
      const answer = await diagnosis.Why({ subject: '' }, unary);
      return `${whyLines(node, answer).join('\n')}\n`;
    }),
    textCollector('why.yaml', async () => documents([await diagnosis.Why({ subject: '' }, unary)])),
  ];
}

function serviceCollectors(id: string, { machine, unary, stream }: Clients): readonly Collector[] {
  const request = { namespace: SYSTEM, driver: ContainerDriver.CONTAINERD, id, follow: false, tailLines: -1 };
  return [
    streamCollector(`service-logs/${fileName(id)}.log`, () => machine.Logs(request, stream)),
    textCollector(`service-logs/${fileName(id)}.state`, async () => {
      const { messages } = await machine.ServiceList(Empty.create(), unary);
      return documents(messages.flatMap(({ services }) => services.filter((service) => service.id === id)));
    }),
  ];
}

function bootLogCollector(boot: number, service: string, { diagnosis, unary }: Clients): Collector {
  const name = service === KERNEL ? 'dmesg' : `service-logs/${fileName(service)}`;
  return streamCollector(`${name}.boot${boot}.log`, async function* () {
    yield await diagnosis.BootLog({ boot, service }, unary);
  });
}

function allSockets(): NetstatRequest {
  const families = ['tcp', 'tcp6', 'udp', 'udp6', 'udplite', 'udplite6', 'raw', 'raw6'];
  return NetstatRequest.fromPartial({
    filter: NetstatFilter.ALL,
    feature: { pid: true },
    l4proto: Object.fromEntries(families.map((family) => [family, true])),
    netns: { hostnetwork: true },
  });
}

function documents(messages: readonly object[]): string {
  return messages
    .map((message) => {
      const { metadata: _routing, ...rest } = { metadata: undefined, ...message };
      return `---\n${toYamlText(plainValue(rest))}`;
    })
    .join('');
}

/** A node of another version is asked for what it has. */
async function orWithout<T>(answer: Promise<T>, without: T): Promise<T> {
  try {
    return await answer;
  } catch (e) {
    if (isFault(e, 'unimplemented') || isFault(e, 'denied')) return without;
    throw e;
  }
}
