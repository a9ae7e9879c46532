import type { Clock } from '@minos/base';
import type { BackendPool } from '../backend/backend-pool.ts';
import type { Caller } from '../identity/caller.ts';
import type { DeadlineQueue } from './deadline-queue.ts';
import type { OpenCalls } from './open-calls.ts';

/** What is told about a call when it is over. */
export interface CallOutcome {
  readonly method: string;
  readonly caller: Caller;
  readonly roles: readonly string[];
  /** gRPC status code; 1 (Canceled) when the client left. */
  readonly code: number;
  readonly message: string;
  readonly durationMs: number;
  /** Whether it was meant to change something. */
  readonly isMutating: boolean;
}

/** What calls need. */
export interface CallDeps {
  readonly clock: Clock;
  readonly pool: BackendPool;
  readonly deadlines: DeadlineQueue;
  readonly open: OpenCalls;
  /** Called once for each call. */
  readonly finished: (outcome: CallOutcome) => void;
}
