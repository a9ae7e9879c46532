import type { MachineServiceDefinition } from '@minos/api/machine';
import { Fault, type FaultKind } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import { isControlPlane } from '../../node-config/is-control-plane.ts';
import type { Machine } from '../../runtime/machine.ts';
import { UPGRADE } from '../../sequence/upgrade-sequence.ts';

/** Calls that are understood, and refused on every node of this version. */
const REFUSED = {
  Rollback: 'there is no earlier version to go back to: this version keeps one image and has no boot slots',
  Restart: 'there are no containers on this node; restart a service instead',
} as const;

/** Calls that need Kubernetes or etcd, on a control plane. */
const WITHOUT_KUBERNETES = {
  Bootstrap: 'there is no etcd in this version that could be bootstrapped',
  Kubeconfig: 'there is no Kubernetes on this node yet',
} as const;

type Refused = 'Upgrade' | keyof typeof REFUSED | keyof typeof WITHOUT_KUBERNETES;

/** Rollback, Upgrade, Restart, Bootstrap and Kubeconfig: each answers why not, and what to do. */
export function refusedHandlers(
  machine: Pick<Machine, 'config'>,
): Pick<Implementation<typeof MachineServiceDefinition>, Refused> {
  const refuse = (kind: FaultKind, why: string) => async (): Promise<never> => {
    throw new Fault(kind, why);
  };
  const refuseHere = (why: string) => (): Promise<never> =>
    isControlPlane(machine) ? refuse('precondition', why)() : refuse('unimplemented', 'only a control plane answers this')();
  return {
    Rollback: refuse('precondition', REFUSED.Rollback),
    Upgrade: refuse('precondition', UPGRADE.refusal ?? ''),
    Restart: refuse('precondition', REFUSED.Restart),
    Bootstrap: refuseHere(WITHOUT_KUBERNETES.Bootstrap),
    // biome-ignore lint/correctness/useYield: the call is a stream that ends before its first message.
    Kubeconfig: async function* () {
      await refuseHere(WITHOUT_KUBERNETES.Kubeconfig)();
    },
  };
}
