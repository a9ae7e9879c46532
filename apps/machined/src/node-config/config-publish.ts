import { isIP } from 'node:net';
import {
  APIServiceConfigSpec,
  ConfigMachineType,
  InfoSpec,
  MachineConfigSpec,
  MachineTypeSpec,
  NodeLabelSpecSpec,
  OSRootSpec,
} from '@minos/api/resource-specs';
import { kernelSpecs, type MachineConfig, networkSpecs } from '@minos/config';
import {
  addressSpecType,
  apiServiceConfigType,
  hostnameSpecType,
  infoType,
  kernelModuleSpecType,
  kernelParamSpecType,
  linkSpecType,
  machineConfigType,
  machineTypeType,
  netIp,
  nodeLabelSpecType,
  osRootType,
  resolverSpecType,
  routeSpecType,
  type State,
} from '@minos/resource';
import { type ControllerFacts, exclusive, strong } from '../controller/controller-facts.ts';

/** What follows from the configuration alone, by whom it is published. */
export const CONFIG_FACTS: readonly ControllerFacts[] = [
  { name: 'config.MachineConfigController', inputs: [], outputs: exclusive(machineConfigType) },
  { name: 'config.MachineTypeController', inputs: strong(machineConfigType), outputs: exclusive(machineTypeType) },
  { name: 'cluster.InfoController', inputs: strong(machineConfigType), outputs: exclusive(infoType) },
  { name: 'k8s.NodeLabelSpecController', inputs: strong(machineConfigType), outputs: exclusive(nodeLabelSpecType) },
  { name: 'secrets.RootOSController', inputs: strong(machineConfigType), outputs: exclusive(osRootType) },
  { name: 'runtime.APIServiceConfigController', inputs: strong(machineConfigType), outputs: exclusive(apiServiceConfigType) },
  { name: 'runtime.KernelParamConfigController', inputs: strong(machineConfigType), outputs: exclusive(kernelParamSpecType) },
  { name: 'runtime.KernelModuleConfigController', inputs: strong(machineConfigType), outputs: exclusive(kernelModuleSpecType) },
  {
    name: 'network.ConfigController',
    inputs: strong(machineConfigType),
    outputs: exclusive(linkSpecType, addressSpecType, routeSpecType, hostnameSpecType, resolverSpecType),
  },
];

/** Where apid is to listen in ordinary operation. */
export const APID_PORT = 50_000;

const MACHINE_TYPE: Readonly<Record<MachineConfig['machineType'], ConfigMachineType>> = {
  init: ConfigMachineType.INIT,
  controlplane: ConfigMachineType.CONTROL_PLANE,
  worker: ConfigMachineType.WORKER,
};

/** What is published beside what the configuration says itself. */
export interface PublishOptions {
  readonly automaticHostname: string;
  /** What is kept on STATE, where that is another configuration than the one in force. */
  readonly kept?: string | undefined;
}

/** Publishes a configuration as resources: itself, and everything that follows from it alone. What did not change keeps its version. */
export async function publishConfig(state: State, config: MachineConfig, options: PublishOptions): Promise<void> {
  // Before the configuration itself: whoever sees that sees these, and takes no absence for a wish.
  await publishKernel(state, config);
  const configWriter = state.as('config.MachineConfigController');
  const annotations = { 'talos.dev/yaml-spec': '1' };
  for (const [id, text] of [
    ['v1alpha1', config.text],
    ['persistent', options.kept ?? config.text],
  ] as const) {
    const yamlMarshalled = Buffer.from(text);
    await configWriter.put(machineConfigType, id, MachineConfigSpec.fromPartial({ yamlMarshalled }), { annotations });
  }
  const machineType = MACHINE_TYPE[config.machineType];
  await state
    .as('config.MachineTypeController')
    .put(machineTypeType, 'machine-type', MachineTypeSpec.fromPartial({ machineType }));
  const { id: clusterId, name: clusterName } = config.cluster;
  await state.as('cluster.InfoController').put(infoType, 'current', InfoSpec.fromPartial({ clusterId, clusterName }));
  await state.as('k8s.NodeLabelSpecController').replaceAll(nodeLabelSpecType, nodeLabels(config));
  await state.as('secrets.RootOSController').put(osRootType, 'os', osRootOf(config));
  const listenAddress = `:${APID_PORT}`;
  const apiService = APIServiceConfigSpec.fromPartial({ listenAddress });
  await state.as('runtime.APIServiceConfigController').put(apiServiceConfigType, 'apid', apiService);
  await publishNetwork(state, config, options.automaticHostname);
}

/** The labels of `machine.nodeLabels`, and those that say what kind of machine it is; pure. */
export function nodeLabels(config: MachineConfig): ReadonlyMap<string, NodeLabelSpecSpec> {
  const machine = config.documents.find(({ kind }) => kind === 'v1alpha1')?.value['machine'];
  const given = isMap(machine) && isMap(machine['nodeLabels']) ? machine['nodeLabels'] : {};
  const own = config.machineType === 'worker' ? {} : { 'node-role.kubernetes.io/control-plane': '' };
  return new Map(
    Object.entries({ ...own, ...given }).map(([key, value]) => [
      key,
      NodeLabelSpecSpec.fromPartial({ key, value: String(value) }),
    ]),
  );
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function publishKernel(state: State, config: MachineConfig): Promise<void> {
  const { modules, params } = kernelSpecs(config);
  await state.as('runtime.KernelModuleConfigController').replaceAll(kernelModuleSpecType, modules);
  await state.as('runtime.KernelParamConfigController').replaceAll(kernelParamSpecType, params);
}

async function publishNetwork(state: State, config: MachineConfig, automaticHostname: string): Promise<void> {
  const writer = state.as('network.ConfigController');
  const specs = networkSpecs(config, { automaticHostname });
  await writer.replaceAll(linkSpecType, specs.links);
  await writer.replaceAll(addressSpecType, specs.addresses);
  await writer.replaceAll(routeSpecType, specs.routes);
  await writer.replaceAll(hostnameSpecType, specs.hostname);
  await writer.replaceAll(resolverSpecType, specs.resolvers);
}

/** The root secrets that follow from a configuration; pure. */
export function osRootOf(config: MachineConfig): OSRootSpec {
  const certificate = config.ca === undefined ? [] : [config.ca.certPem];
  const isAddress = (name: string): boolean => isIP(name) !== 0;
  const key = config.ca?.keyPem?.reveal();
  return OSRootSpec.fromPartial({
    // A worker knows the certificate only: it accepts the authority and issues nothing.
    ...(config.ca === undefined || key === undefined
      ? {}
      : { issuingCa: { crt: Buffer.from(config.ca.certPem), key: Buffer.from(key) } }),
    // The issuing one is the last: what a joining node asks for is made to fit it.
    acceptedCAs: [...config.acceptedCAs, ...certificate].map((pem) => ({ crt: Buffer.from(pem) })),
    token: config.token.reveal(),
    certSaniPs: config.certSANs.filter(isAddress).map(netIp),
    certSandnsNames: config.certSANs.filter((name) => !isAddress(name)),
  });
}
