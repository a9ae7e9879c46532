import { access } from 'node:fs/promises';

/** A program of the executable. */
interface ProgramRow {
  /** The folder below `apps/`. */
  readonly app: string;
  /** The names under which the executable becomes this program, each a link in /sbin. */
  readonly names: readonly string[];
  /** With what it is run alone, besides `--simulate` and `--run-dir`, to learn which functions its start needs; undefined: not at all. */
  readonly warm: readonly string[] | undefined;
}

/** The programs of the executable, the daemons in the order in which a node starts them. */
export const PROGRAMS = [
  { app: 'machined', names: ['machined'], warm: [] },
  { app: 'networkd', names: ['networkd'], warm: [] },
  { app: 'apid', names: ['apid'], warm: [] },
  { app: 'trustd', names: ['trustd'], warm: ['--port', '0'] },
  // Run for a moment and seldom: a code cache would only take room.
  { app: 'power', names: ['poweroff', 'shutdown', 'reboot'], warm: undefined },
  // On machines with a screen, after all else has started.
  { app: 'dashboard', names: ['dashboard'], warm: undefined },
] as const satisfies readonly ProgramRow[];

/**
 * Flags of Node in the image; none of them changes V8's flag hash, so the code caches stay valid. With a young space of 1 MiB, one call of apid
 * in a hundred waited for a collection; 2 MiB costs 2 MB in four daemons. Every process that loads TLS would parse the 120 root certificates
 * inside Node, on a thread of its own (a fourth of the processor time of a start, and 2 MB): no program of ours trusts those unless it
 * names them, and OpenSSL's default store, which the last flag puts in their place, is read when somebody asks for it.
 */
export const NODE_FLAGS = [
  '--max-semi-space-size=2',
  '--max-old-space-size=80',
  '--v8-pool-size=1',
  '--disable-sigusr1',
  '--use-openssl-ca',
] as const;

/**
 * Modules of which all functions are in the code caches: the simulated machine has others in their place, or nobody calls it, or it depends
 * on who is faster, a connection or a timer, which of them run.
 */
export const WHOLE_MODULES = new RegExp(
  [
    'libs/host/src/(linux|rtnetlink)/',
    'libs/http2/src/',
    'libs/rpc/src/',
    'libs/resource/src/(remote|state-|wire-|same-)',
    'libs/api/src/gen/cosi/',
    'apps/apid/src/(front|call|backend|route)/',
    'apps/machined/src/(metal|kernel|secrets|cgroup)/',
    'node_modules/netlink/',
    'node_modules/@grpc/grpc-js/src/(backoff-timeout|subchannel|server|server-interceptors|stream-decoder)\\.ts$',
    'minos-native:',
  ]
    .map((module) => `(^|/)${module}`)
    .join('|'),
);

/** Whether something is at this path. */
export async function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
