import type { Clock, Logger } from '@minos/base';
import { Scope } from '@minos/base';
import { Engine, type Http2Limits } from '@minos/http2';
import type { StateReader } from '@minos/resource';
import type { BackendPolicy } from './backend/backend.ts';
import { BackendPool, LOCAL_POLICY, REMOTE_POLICY } from './backend/backend-pool.ts';
import { CallDoor } from './call/call-door.ts';
import { DeadlineQueue } from './call/deadline-queue.ts';
import { OpenCalls } from './call/open-calls.ts';
import { CONNECTION_LIMITS, type ConnectionLimits } from './front/client-count.ts';
import type { Http2Kind } from './front/front.ts';
import { FrontControl, SettingsHolder } from './front/front-control.ts';
import { CallLog } from './log/call-log.ts';
import { LimitCounts, logLimits } from './log/limit-log.ts';
import { LineLimit } from './log/line-limit.ts';
import { followNodeState } from './state/node-state.ts';

/** What those outside may make us log. */
const LINES_PER_SECOND = 50;

/** What an apid is made of. */
export interface AppDeps {
  readonly state: StateReader;
  readonly clock: Clock;
  readonly log: Logger;
  /** Socket of machined. */
  readonly machinePath: string;
  /** Port of the apid of every other node. */
  readonly remotePort: number;
  /** Told the port whenever it begins to serve, and undefined when it ceases. */
  readonly onServing: (port: number | undefined) => void;
  /** Gives unused memory back now and then, until aborted. */
  readonly trim?: (engine: Engine, signal: AbortSignal) => Promise<void>;
  readonly limits?: Partial<Http2Limits>;
  readonly connectionLimits?: Partial<ConnectionLimits>;
  readonly handshakeMs?: number;
  /** Whose HTTP/2 is spoken to clients; `frames` when absent. */
  readonly http2?: Http2Kind;
  /** Counts of what ran into a limit; made when absent. */
  readonly limitCounts?: LimitCounts;
  readonly policies?: { readonly local?: Partial<BackendPolicy>; readonly remote?: Partial<BackendPolicy> };
}

/** Serves as machined's state says, until aborted. */
export async function runApp(deps: AppDeps, signal: AbortSignal): Promise<void> {
  const { clock, log } = deps;
  // The parts go on until the calls of the front have ended.
  const parts = new AbortController();
  await using scope = new Scope();
  const engine = new Engine({ clock, ...(deps.limits === undefined ? {} : { limits: deps.limits }) });
  const deadlines = new DeadlineQueue(clock);
  const limitCounts = deps.limitCounts ?? new LimitCounts();
  const counts = (): ReadonlyMap<string, number> => new Map([...engine.limitsReached, ...limitCounts.all]);
  const background = [engine.run(parts.signal), deadlines.run(parts.signal), logLimits({ clock, log, counts }, parts.signal)];
  if (deps.trim !== undefined) background.push(deps.trim(engine, parts.signal));
  scope.use(async () => {
    parts.abort();
    await Promise.all(background);
  });
  const pool = scope.use(
    new BackendPool({
      engine,
      clock,
      log,
      localPath: deps.machinePath,
      remotePort: deps.remotePort,
      local: { ...LOCAL_POLICY, ...deps.policies?.local },
      remote: { ...REMOTE_POLICY, ...deps.policies?.remote },
    }),
  );
  const limit = new LineLimit(log, clock, LINES_PER_SECOND);
  const calls = new CallLog(log, limit);
  const settings = new SettingsHolder();
  const open = new OpenCalls();
  const door = new CallDoor({ clock, pool, deadlines, open, finished: (outcome) => calls.finished(outcome) }, settings);
  const control = new FrontControl({
    settings,
    door,
    open,
    pool,
    engine,
    clock,
    log,
    limit,
    limitCounts,
    http2: deps.http2 ?? 'frames',
    connectionLimits: { ...CONNECTION_LIMITS, ...deps.connectionLimits },
    ...(deps.handshakeMs === undefined ? {} : { handshakeMs: deps.handshakeMs }),
    onServing: (front) => deps.onServing(front?.port),
  });
  await Promise.all([
    control.run(signal),
    followNodeState({ state: deps.state, clock, log, onChange: (state) => control.want(state) }, signal),
  ]);
}
