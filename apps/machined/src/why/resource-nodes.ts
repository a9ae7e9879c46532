import {
  apiCertificatesType,
  apiServiceConfigType,
  certSanType,
  diagnosticType,
  networkStatusType,
  osRootType,
  type ResourceType,
  trustdCertificatesType,
} from '@minos/resource';
import { isControlPlane } from '../node-config/is-control-plane.ts';
import type { Machine } from '../runtime/machine.ts';
import { metNode, unmetNode, type WaitNode } from './wait-node.ts';

interface Awaited {
  readonly type: ResourceType<unknown>;
  readonly id: string;
  readonly waitsFor: readonly string[];
}

const FROM_AUTHORITY = ['authority', 'resource/OSRootSecret/os', 'resource/CertSAN/api'];

/** Resources that services wait for, and what those come from. */
const AWAITED: readonly Awaited[] = [
  { type: apiCertificatesType, id: 'api', waitsFor: FROM_AUTHORITY },
  { type: trustdCertificatesType, id: 'trustd', waitsFor: FROM_AUTHORITY },
  { type: osRootType, id: 'os', waitsFor: ['configuration'] },
  { type: apiServiceConfigType, id: 'apid', waitsFor: ['configuration'] },
  { type: certSanType, id: 'api', waitsFor: ['resource/OSRootSecret/os', 'network'] },
];

/** Resources that services wait for. */
export function resourceNodes(machine: Machine): readonly WaitNode[] {
  const { state } = machine;
  const found = AWAITED.map(({ type, id, waitsFor }) => {
    const name = `resource/${type.displayType}/${id}`;
    if (state.peek(type, id) !== undefined) return metNode(name, `${type.displayType} ${id} is there`);
    const nextCommand = `get ${type.displayType.toLowerCase()}`;
    return unmetNode(name, `there is no ${type.displayType} ${id}`, { nextCommand, waitsFor });
  });
  return [...found, networkStatusNode(machine), authorityNode(machine)];
}

function networkStatusNode({ state }: Machine): WaitNode {
  const id = `resource/${networkStatusType.displayType}/status`;
  const status = state.peek(networkStatusType, 'status')?.spec;
  if (status?.addressReady === true && status.hostnameReady) return metNode(id, 'networkd reports an address and a host name');
  return unmetNode(id, 'networkd does not report an address and a host name', { waitsFor: ['network'] });
}

function authorityNode(machine: Machine): WaitNode {
  const id = 'authority';
  const root = machine.state.peek(osRootType, 'os')?.spec;
  if (root === undefined || !isControlPlane(machine)) return metNode(id, 'certificates come from the control plane');
  if ((root.issuingCa?.key.length ?? 0) > 0) return metNode(id, 'the node has the authority');
  const evidence = ['machine.ca has no key in the configuration'];
  return unmetNode(id, 'this control plane has no key to issue certificates with', {
    evidence,
    nextCommand: 'get machineconfig',
  });
}

/** What parts of machined say about their own troubles, one for each. */
export async function diagnosticNodes({ state }: Machine): Promise<readonly WaitNode[]> {
  const diagnostics = await state.list(diagnosticType);
  return diagnostics.map(({ metadata: { id }, spec }) =>
    unmetNode(`diagnostic/${id}`, spec.message, { evidence: spec.details, nextCommand: `get diagnostics ${id} -o yaml` }),
  );
}
