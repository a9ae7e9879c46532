/** A limit that wrapperd sets before it runs a program: `required` fails the start, `best-effort` is reported and skipped. */
export type Demand = 'required' | 'best-effort';

/** Kernel names without the prefix, such as `NET_ADMIN`. */
export type Capability = string;

/** Everything that init and wrapperd need to start one supervised process. */
export interface SpawnSpec {
  /** Id of the service: at most 63 of `[a-z0-9-]`. One process lives under an id at a time. */
  readonly id: string;
  /** Absolute path and arguments. */
  readonly argv: readonly [string, ...string[]];
  /** The whole environment; nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly uid: number;
  readonly gid: number;
  readonly groups: readonly number[];
  /** Kept in the bounding, permitted, inheritable, effective and ambient sets; all others are dropped. */
  readonly capabilities: readonly Capability[];
  /** Path below the cgroup root, such as `system/apid`; made when missing. */
  readonly cgroup: { readonly path: string; readonly demand: Demand } | undefined;
  readonly noFile: number | undefined;
  /** -1000 to 1000; best effort. */
  readonly oomScoreAdj: number | undefined;
}

/** How a process ended. */
export type Exit =
  | { readonly kind: 'exited'; readonly code: number }
  | { readonly kind: 'signalled'; readonly signal: string; readonly coreDumped: boolean };

/** One process that init started and machined has not acknowledged the end of. */
export interface SupervisedProcess {
  readonly id: string;
  /** Grows with every start under any id, also across restarts of machined. */
  readonly generation: number;
  readonly pid: number;
  readonly startedMs: number;
  /** It has written a line on its ready fd. */
  readonly isReady: boolean;
  /** Set once it has ended; kept until acknowledged. */
  readonly exit: Exit | undefined;
  /** What wrapperd could not set, one sentence each. */
  readonly unmet: readonly string[];
}

/** What init tells without being asked. */
export type SupervisorEvent =
  | { readonly kind: 'ready'; readonly id: string; readonly generation: number }
  | { readonly kind: 'exited'; readonly id: string; readonly generation: number; readonly pid: number; readonly exit: Exit }
  | { readonly kind: 'unmet'; readonly id: string; readonly generation: number; readonly problem: string }
  /** PID 1 was asked to stop (SIGTERM: power off, SIGINT: reboot). */
  | { readonly kind: 'stop-requested'; readonly action: PowerAction };

/** How the machine ends. */
export type PowerAction = 'reboot' | 'poweroff' | 'halt';

/** The only way to start a supervised process: through init, which alone reaps. */
export interface Supervisor extends AsyncDisposable {
  /** All that init knows: living processes, and ends not yet acknowledged. Survives machined. */
  list(): Promise<readonly SupervisedProcess[]>;
  /** How often init has started machined; 1 at boot. */
  readonly machinedStarts: number;
  /** Throws a Fault `exists` when a process lives under the id, `invalid` when the program cannot be started. */
  spawn(spec: SpawnSpec): Promise<SupervisedProcess>;
  /** Sends a signal to the process, or to its whole cgroup and process group. False when it has ended already. */
  signal(id: string, signal: 'SIGTERM' | 'SIGKILL' | 'SIGHUP' | 'SIGINT', scope: 'process' | 'group'): Promise<boolean>;
  /** Lets init forget an end. */
  acknowledge(id: string, generation: number): Promise<void>;
  /** Events from the moment of the call; one reader. Ends when init is gone, which for a daemon means: exit. */
  events(signal: AbortSignal): AsyncIterable<SupervisorEvent>;
  /** Tells init that machined serves; restarts after this have no backoff. */
  ready(): Promise<void>;
  /** The path of the FIFO that holds stdout and stderr of a service; init keeps it open. */
  logFifo(id: string): string;
  /** Stops every process that is left, syncs, and ends the machine. Does not return in the ordinary case. */
  power(action: PowerAction): Promise<void>;
}
