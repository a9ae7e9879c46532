import type { MachineServiceDefinition } from '@minos/api/machine';
import { Fault, type FaultKind } from '@minos/base';
import type { Implementation } from '@minos/rpc';
import type { Machine } from '../../runtime/machine.ts';
import { isControlPlane } from '../../sequence/boot-sequences.ts';

/** Calls that are understood, and refused on every node of this version. */
const REFUSED = {
  Rollback: 'there is no earlier version to go back to: this version keeps one image and has no boot slots',
  Reset: 'this version does not wipe: shut the node down, and remove its STATE and EPHEMERAL from outside',
  Upgrade: 'this version does not upgrade itself: start the node from the new image, its STATE is kept',
  Restart: 'there are no containers on this node; restart a service instead',
} as const;

/** Calls that need Kubernetes or etcd, on a control plane. */
const WITHOUT_KUBERNETES = {
  Bootstrap: 'there is no etcd in this version that could be bootstrapped',
  Kubeconfig: 'there is no Kubernetes on this node yet',
} as const;

type Refused = keyof typeof REFUSED | keyof typeof WITHOUT_KUBERNETES;

/** Rollback, Reset, Upgrade, Restart, Bootstrap and Kubeconfig: each answers why not, and what to do. */
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
    Reset: refuse('precondition', REFUSED.Reset),
    Upgrade: refuse('precondition', REFUSED.Upgrade),
    Restart: refuse('precondition', REFUSED.Restart),
    Bootstrap: refuseHere(WITHOUT_KUBERNETES.Bootstrap),
    // biome-ignore lint/correctness/useYield: the call is a stream that ends before its first message.
    Kubeconfig: async function* () {
      await refuseHere(WITHOUT_KUBERNETES.Kubeconfig)();
    },
  };
}
