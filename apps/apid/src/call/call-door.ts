import type { Clock } from '@minos/base';
import type { Head } from '@minos/http2';
import type { Caller } from '../identity/caller.ts';
import type { CallDeps } from './call-deps.ts';
import type { CallFront } from './call-front.ts';
import { type CallPlan, type CallSettings, planCall } from './call-plan.ts';
import { CallRecord } from './call-record.ts';
import { isProving, withConnectionAge } from './connection-age.ts';
import { FanOutCall } from './fan-out-call.ts';
import { ForwardedCall } from './forwarded-call.ts';
import { type CallError, Status } from './grpc-status.ts';
import { endWith, endWithHttp } from './reply.ts';

/** Settings as they are now; a new object for each change. */
export interface CurrentSettings {
  readonly current: CallSettings;
}

interface Remembered {
  readonly caller: Caller;
  readonly settings: CallSettings;
  readonly plan: CallPlan;
}

/** The one place that every call comes through: checks that the caller still is who it was, decides, and begins. */
export class CallDoor {
  readonly #deps: CallDeps;
  readonly #settings: CurrentSettings;

  constructor(deps: CallDeps, settings: CurrentSettings) {
    this.#deps = deps;
    this.#settings = settings;
  }

  /** Begins the call that a client opened; the answer goes to `front`. */
  enter(front: CallFront, request: Head, options: { readonly caller: Caller; readonly isEnd: boolean }): void {
    const { caller, isEnd } = options;
    const expired = whyExpired(caller, this.#deps.clock);
    if (expired !== undefined) {
      this.#refuse(front, { method: request.get(':path') ?? '', roles: [], error: expired }, caller);
      return;
    }
    const plan = this.#proving(this.#planOf(request, caller), caller);
    switch (plan.kind) {
      case 'not-grpc':
        endWithHttp(front, plan.httpStatus);
        return;
      case 'refused':
        this.#refuse(front, plan, caller);
        return;
      case 'many':
        new FanOutCall(front, new CallRecord(plan, caller, this.#deps), plan.targets, this.#deps).start(isEnd);
        return;
      case 'one': {
        const to = { backend: this.#deps.pool.remote(plan.target), name: plan.target, isRepeatable: false };
        new ForwardedCall(front, new CallRecord(plan, caller, this.#deps), to, this.#deps).start(isEnd);
        return;
      }
      case 'local': {
        const isRepeatable = plan.row.kind === 'unary' && plan.row.roles.includes('os:reader');
        const to = { backend: this.#deps.pool.local, name: 'machined', isRepeatable };
        new ForwardedCall(front, new CallRecord(plan, caller, this.#deps), to, this.#deps).start(isEnd);
        return;
      }
    }
  }

  /** Equal requests of a connection come as one Head: what was decided about it stands until caller or settings change. */
  #planOf(request: Head, caller: Caller): CallPlan {
    const settings = this.#settings.current;
    const known = request.memo;
    if (isRemembered(known) && known.caller === caller && known.settings === settings) return known.plan;
    const plan = planCall(request, caller, settings);
    if (request.isShared) request.memo = { caller, settings, plan } satisfies Remembered;
    return plan;
  }

  /** A call that is to prove its way carries the age of the connection it came by, and goes on by a new one. */
  #proving(plan: CallPlan, caller: Caller): CallPlan {
    if ((plan.kind !== 'local' && plan.kind !== 'one') || !isProving(plan.row.path)) return plan;
    if (plan.kind === 'one') this.#deps.pool.remote(plan.target).renew();
    return { ...plan, head: withConnectionAge(plan.head, caller, this.#deps.clock.monotonicMs()) };
  }

  #refuse(
    front: CallFront,
    refused: { readonly method: string; readonly roles: readonly string[]; readonly error: CallError },
    caller: Caller,
  ): void {
    const { method, roles, error } = refused;
    this.#deps.finished({ method, caller, roles, code: error.code, message: error.message, durationMs: 0, isMutating: false });
    endWith(front, error);
  }
}

function whyExpired(caller: Caller, clock: Clock): CallError | undefined {
  const nowMs = clock.now();
  if (nowMs > caller.notAfterMs) return { code: Status.unauthenticated, message: 'client certificate has expired' };
  if (nowMs < caller.notBeforeMs) return { code: Status.unauthenticated, message: 'client certificate is not valid yet' };
  return undefined;
}

function isRemembered(memo: unknown): memo is Remembered {
  return memo !== undefined;
}
