import type { FaultFields, FaultKind } from '@minos/base';
import type { NetworkEvent, Rtnetlink } from '../port/rtnetlink.ts';

/** A call of the port that the agent is to make. */
export interface AgentRequest {
  readonly id: number;
  readonly call: Exclude<keyof Rtnetlink, 'events' | symbol>;
  readonly args: readonly unknown[];
}

/** What the agent tells. */
export type AgentReply =
  | { readonly kind: 'opened' }
  | { readonly kind: 'event'; readonly event: NetworkEvent }
  | { readonly kind: 'result'; readonly id: number; readonly result: unknown }
  | {
      readonly kind: 'refused';
      readonly id: number;
      readonly fault: { readonly kind: FaultKind; readonly message: string; readonly fields: FaultFields };
    };
