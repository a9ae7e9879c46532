import { GetResponse, ListResponse, StateDefinition } from '@minos/api/cosi';
import { MachineStatusSpec, MachineType, MachineTypeSpec, MemberSpec, RuntimeMachineStage } from '@minos/api/resource-specs';
import { Fault } from '@minos/base';
import { netIp } from '@minos/resource';
import { type BoundService, bindService } from '@minos/rpc';
import { nodeOf } from './test-cluster.ts';

/** A member as a control plane of a test lists it. */
export interface TestMember {
  readonly address: string;
  readonly hostname: string;
  readonly type: 'controlplane' | 'worker';
  readonly labels?: Readonly<Record<string, string>>;
}

/** A cluster of one control plane and two workers, as the context of tests names them. */
export const MEMBERS: readonly TestMember[] = [
  { address: '10.9.0.2', hostname: 'cp-1', type: 'controlplane', labels: { zone: 'a' } },
  { address: '10.9.0.3', hostname: 'worker-1', type: 'worker', labels: { zone: 'a' } },
  { address: '10.9.0.4', hostname: 'worker-2', type: 'worker', labels: { zone: 'b' } },
];

const TYPE = { controlplane: MachineType.TYPE_CONTROL_PLANE, worker: MachineType.TYPE_WORKER } as const;

/** The state of nodes that know these members; `isReady` says of an address whether its machine runs and is ready. */
export function memberState(
  members: readonly TestMember[] = MEMBERS,
  isReady: (node: string) => boolean = () => true,
): BoundService {
  const own = (node: string): TestMember => {
    const found = members.find(({ address }) => address === node);
    if (found === undefined) throw new Fault('unavailable', `connection error: ${node}: connect ECONNREFUSED`);
    return found;
  };
  return bindService(StateDefinition, {
    List: async function* ({ type }, context) {
      const { hostname: _name, labels = {} } = type.startsWith('Members') ? { hostname: '' } : own(nodeOf(context));
      if (type.startsWith('NodeLabelSpecs')) {
        for (const [id, value] of Object.entries(labels)) yield listed(id, Buffer.alloc(0), `value: ${value}\n`);
        return;
      }
      for (const member of members) {
        const { hostname, address } = member;
        const spec = MemberSpec.fromPartial({ hostname, addresses: [netIp(address)], machineType: TYPE[member.type] });
        yield listed(hostname, Buffer.from(MemberSpec.encode(spec).finish()), '');
      }
    },
    Get: async ({ type }, context) => {
      const node = nodeOf(context);
      const bytes = type.startsWith('MachineTypes')
        ? MachineTypeSpec.encode(MachineTypeSpec.fromPartial({ machineType: TYPE[own(node).type] })).finish()
        : MachineStatusSpec.encode({
            stage: RuntimeMachineStage.MACHINE_STAGE_RUNNING,
            status: { ready: isReady(node), unmetConditions: [] },
          }).finish();
      return GetResponse.fromPartial({ resource: { metadata: {}, spec: { protoSpec: Buffer.from(bytes) } } });
    },
  });
}

function listed(id: string, protoSpec: Buffer, yamlSpec: string): ListResponse {
  return ListResponse.fromPartial({ resource: { metadata: { id, version: '1' }, spec: { protoSpec, yamlSpec } } });
}
