/** What a service is doing. */
export type ServiceState =
  | 'initialized'
  | 'waiting'
  | 'preparing'
  | 'starting'
  | 'running'
  | 'stopping'
  | 'finished'
  | 'failed'
  | 'skipped';

/**
 * What can happen to a service. `met`: what it waits for is there. `prepared`: its process may be started. `ready`: the
 * process serves. `exited`: the process ended and may be started again. `gaveUp`: it ended and must not be. `failed`: it
 * could not be prepared or started. `adopted`, `adoptedReady`: a process of an earlier run of machined lives.
 */
export type ServiceEvent =
  | 'start'
  | 'met'
  | 'prepared'
  | 'ready'
  | 'exited'
  | 'gaveUp'
  | 'failed'
  | 'stop'
  | 'skip'
  | 'adopted'
  | 'adoptedReady';

type Row = Readonly<Record<ServiceEvent, ServiceState | null>>;

const NOTHING: Row = {
  start: null,
  met: null,
  prepared: null,
  ready: null,
  exited: null,
  gaveUp: null,
  failed: null,
  stop: null,
  skip: null,
  adopted: null,
  adoptedReady: null,
};

/** A service at rest, whatever brought it there. */
const AT_REST: Row = { ...NOTHING, start: 'waiting', skip: 'skipped', adopted: 'starting', adoptedReady: 'running' };

/** The next state for every state and event; null: this event means nothing here. */
export const NEXT: Readonly<Record<ServiceState, Row>> = {
  initialized: { ...AT_REST, stop: 'finished' },
  waiting: { ...NOTHING, met: 'preparing', failed: 'waiting', stop: 'finished', skip: 'skipped' },
  preparing: { ...NOTHING, prepared: 'starting', failed: 'waiting', gaveUp: 'failed', stop: 'stopping', skip: 'skipped' },
  starting: { ...NOTHING, ready: 'running', exited: 'waiting', gaveUp: 'failed', failed: 'waiting', stop: 'stopping' },
  running: { ...NOTHING, exited: 'waiting', gaveUp: 'failed', failed: 'waiting', stop: 'stopping' },
  stopping: { ...NOTHING, exited: 'finished', gaveUp: 'finished', failed: 'finished' },
  finished: { ...AT_REST },
  failed: { ...AT_REST, stop: 'finished' },
  skipped: { ...AT_REST, stop: 'finished' },
};

/** Whether a process may live in this state. */
export function mayHaveProcess(state: ServiceState): boolean {
  return state === 'starting' || state === 'running' || state === 'stopping';
}

/** Whether nothing more happens by itself in this state. */
export function isDown(state: ServiceState): boolean {
  return state === 'initialized' || state === 'finished' || state === 'failed' || state === 'skipped';
}

/** The word that clients know for a state. */
export const STATE_TEXT: Readonly<Record<ServiceState, string>> = {
  initialized: 'Initialized',
  waiting: 'Waiting',
  preparing: 'Preparing',
  starting: 'Starting',
  running: 'Running',
  stopping: 'Stopping',
  finished: 'Finished',
  failed: 'Failed',
  skipped: 'Skipped',
};
