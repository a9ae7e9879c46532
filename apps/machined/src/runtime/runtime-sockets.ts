import type { Socket } from 'node:net';
import type { Logger } from '@minos/base';
import { allResourceTypes, bindStateService, daemonPolicy, type MemoryState, type YamlValue } from '@minos/resource';
import { type RpcServer, serve } from '@minos/rpc';
import { DAEMON_ACCESS, type DaemonName } from './daemon-access.ts';

/** What the sockets of the daemons need. */
export interface RuntimeSocketsOptions {
  readonly state: MemoryState;
  readonly log: Logger;
  readonly pathOf: (daemon: DaemonName) => string;
  readonly emitYaml: (value: YamlValue) => string;
  /** Whether the other end of a connection is the daemon itself. */
  readonly isDaemon: (socket: Socket, daemon: DaemonName) => Promise<boolean>;
  readonly until: AbortSignal;
}

/** The socket of each daemon to its part of the state; made when it is first needed, served until disposed. */
export class RuntimeSockets implements AsyncDisposable {
  readonly #options: RuntimeSocketsOptions;
  readonly #servers = new Map<DaemonName, Promise<RpcServer>>();

  constructor(options: RuntimeSocketsOptions) {
    this.#options = options;
  }

  /** Resolves when the daemon can connect. */
  async open(daemon: DaemonName): Promise<void> {
    const server = this.#servers.get(daemon) ?? this.#serve(daemon);
    this.#servers.set(daemon, server);
    try {
      await server;
    } catch (e) {
      this.#servers.delete(daemon);
      throw e;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const servers = await Promise.allSettled(this.#servers.values());
    for (const server of servers) if (server.status === 'fulfilled') await server.value[Symbol.asyncDispose]();
  }

  #serve(daemon: DaemonName): Promise<RpcServer> {
    const { state, log, pathOf, emitYaml, isDaemon, until } = this.#options;
    const policy = daemonPolicy(DAEMON_ACCESS[daemon]);
    return serve({
      // The directory keeps everybody else out; the owner stays root so that the daemon cannot put something else in its place.
      listen: { kind: 'unix', path: pathOf(daemon), mode: 0o666 },
      services: [bindStateService({ state, types: allResourceTypes, policy, emitYaml, until })],
      log: log.child({ socket: daemon }),
      admit: async (socket) => {
        const isAdmitted = await isDaemon(socket, daemon);
        if (!isAdmitted) log.warn({ socket: daemon }, 'a stranger on the socket of a daemon was turned away');
        return isAdmitted;
      },
    });
  }
}
