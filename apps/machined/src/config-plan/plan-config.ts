import type { APICertsSpec, CertSANSpec, HostnameStatusSpec, NodeAddressSpec } from '@minos/api/resource-specs';
import {
  documentChanges,
  type KernelSpecs,
  kernelSpecs,
  type MachineConfig,
  type NetworkSpecs,
  networkSpecs,
  redactConfig,
  toYamlText,
} from '@minos/config';
import {
  addressSpecType,
  formatNetIp,
  hostnameSpecType,
  kernelModuleSpecType,
  kernelParamSpecType,
  linkSpecType,
  type ResourceType,
  resolverSpecType,
  routeSpecType,
} from '@minos/resource';
import { osRootOf } from '../node-config/config-publish.ts';
import { certSans } from '../secrets/cert-sans.ts';

/** One difference in what there is; an empty side is not there. */
export interface PlannedChange {
  readonly noun:
    | 'document'
    | 'link'
    | 'address'
    | 'route'
    | 'hostname'
    | 'resolvers'
    | 'kernel-module'
    | 'kernel-parameter'
    | 'certificate';
  readonly id: string;
  readonly before: string;
  readonly after: string;
}

/** How the node stands: what it follows now, and the names that its certificate is for. */
export interface PlanState {
  readonly current: MachineConfig | undefined;
  readonly network: NetworkSpecs;
  readonly kernel: KernelSpecs;
  readonly hostname: HostnameStatusSpec | undefined;
  readonly addresses: readonly NodeAddressSpec[];
  readonly sans: CertSANSpec | undefined;
  readonly certificates: APICertsSpec | undefined;
  readonly automaticHostname: string;
}

/** What a configuration changes on a node in this state: by the functions that an apply itself uses. Pure. */
export function planConfig(state: PlanState, next: MachineConfig): readonly PlannedChange[] {
  const wanted = networkSpecs(next, { automaticHostname: state.automaticHostname });
  const kernel = kernelSpecs(next);
  return [
    ...documents(state.current, next),
    ...differences({ noun: 'link', type: linkSpecType }, state.network.links, wanted.links),
    ...differences({ noun: 'address', type: addressSpecType }, state.network.addresses, wanted.addresses),
    ...differences({ noun: 'route', type: routeSpecType }, state.network.routes, wanted.routes),
    ...differences({ noun: 'hostname', type: hostnameSpecType }, state.network.hostname, wanted.hostname),
    ...differences({ noun: 'resolvers', type: resolverSpecType }, state.network.resolvers, wanted.resolvers),
    ...differences({ noun: 'kernel-module', type: kernelModuleSpecType }, state.kernel.modules, kernel.modules),
    ...differences({ noun: 'kernel-parameter', type: kernelParamSpecType }, state.kernel.params, kernel.params),
    ...certificate(state, next, wanted),
  ];
}

function documents(current: MachineConfig | undefined, next: MachineConfig): readonly PlannedChange[] {
  return documentChanges(current, next).map(({ id }) => ({
    noun: 'document',
    id,
    before: documentText(current, id),
    after: documentText(next, id),
  }));
}

function documentText(config: MachineConfig | undefined, id: string): string {
  const found = config?.documents.find(({ kind, name }) => (name === '' ? kind : `${kind}(${name})`) === id);
  return found === undefined ? '' : redactConfig(toYamlText(found.value));
}

function differences<S>(
  of: { readonly noun: PlannedChange['noun']; readonly type: ResourceType<S> },
  before: ReadonlyMap<string, S>,
  after: ReadonlyMap<string, S>,
): readonly PlannedChange[] {
  const textOf = (spec: S | undefined): string => (spec === undefined ? '' : toYamlText(of.type.toYaml(spec)));
  return [...new Set([...before.keys(), ...after.keys()])]
    .map((id) => ({ noun: of.noun, id, before: textOf(before.get(id)), after: textOf(after.get(id)) }))
    .filter((change) => change.before !== change.after);
}

/** The certificate of the API is made anew when its names change, or its authority does. */
function certificate(state: PlanState, next: MachineConfig, wanted: NetworkSpecs): readonly PlannedChange[] {
  const { sans, current, certificates } = state;
  if (sans === undefined) return [];
  const dropped = new Set((current === undefined ? [] : osRootOf(current).certSaniPs).map(formatNetIp));
  const own = state.addresses.flatMap((spec) => spec.addresses.map(({ ip }) => formatNetIp({ ip })));
  const seen = sans.iPs.map(formatNetIp).filter((ip) => !dropped.has(ip) || own.includes(ip));
  const coming = [...wanted.addresses.values()]
    .filter((spec) => spec.linkName !== LOOPBACK)
    .flatMap(({ address }) => (address === undefined ? [] : [formatNetIp({ ip: address.ip })]));
  const hostname = wanted.hostname.get('hostname') ?? state.hostname;
  if (hostname === undefined) return [];
  const root = osRootOf(next);
  const names = certSans({
    root,
    hostname: { hostname: hostname.hostname, domainname: hostname.domainname },
    addresses: new Set([...seen, ...coming]),
  });
  const accepted = new Set((certificates?.acceptedCAs ?? []).map((ca) => ca.crt.toString('utf8').trim()));
  const isNewAuthority =
    certificates !== undefined && root.acceptedCAs.some((ca) => !accepted.has(ca.crt.toString('utf8').trim()));
  const [before, after] = [namesText(sans), namesText(names)];
  if (before === after && !isNewAuthority) return [];
  return [{ noun: 'certificate', id: 'api', before, after: isNewAuthority ? `${after} (another authority)` : after }];
}

const LOOPBACK = 'lo';

/** The names of a certificate as one line. */
export function namesText({ fqdn, dnsNames, iPs }: CertSANSpec): string {
  return [...new Set([fqdn, ...dnsNames, ...iPs.map(formatNetIp)])].join(', ');
}
