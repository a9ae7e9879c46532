import { chmod, chown, mkdir, rm } from 'node:fs/promises';
import { createServer as createNetServer, type Server as NetServer, type Socket } from 'node:net';
import { dirname } from 'node:path';
import { createServer as createTlsServer, type TlsOptions, type Server as TlsServer } from 'node:tls';
import { type ConnectionInjector, Server as GrpcServer, ServerCredentials, type UntypedHandleCall } from '@grpc/grpc-js';
import { hasCode, type Logger } from '@minos/base';
import { methodPath } from './definition.ts';
import { grpcMethod } from './grpc-method.ts';
import type { BoundService } from './handler.ts';
import { MemoryRelief } from './memory-relief.ts';
import { type Authorize, answerStream, answerUnary, type CallSetup } from './server-call.ts';

/** Largest message in either direction, in bytes. */
export const MAX_MESSAGE_BYTES = 32 * 1024 * 1024;

/** Where to listen. */
export type ListenAddress =
  | { readonly kind: 'unix'; readonly path: string; readonly mode?: number; readonly uid?: number; readonly gid?: number }
  | { readonly kind: 'tcp'; readonly host?: string; readonly port: number; readonly tls: TlsOptions };

/** What a server needs. */
export interface ServeOptions {
  readonly listen: ListenAddress;
  readonly services: readonly BoundService[];
  readonly log: Logger;
  /** Refuses or admits each call; without it every call is admitted with no roles. */
  readonly authorize?: Authorize;
  /** Looks at each new connection before any byte is read; false closes it, and an `Authorize` decides its calls instead of `authorize`. */
  readonly admit?: (socket: Socket) => Admission | Promise<Admission>;
}

/** Whether a connection may stay; with what decides its calls when that is not what decides for all others. */
export type Admission = boolean | Authorize;

/** A running server; disposing it lets calls finish for up to 10 s. */
export interface RpcServer extends AsyncDisposable {
  /** The port listened on; 0 on a Unix socket. */
  readonly port: number;
  /** Takes new TLS material for connections made from now on; those that exist stay. */
  setTls(options: TlsOptions): void;
}

const DRAIN_MS = 10_000;
const NOBODY: ReadonlySet<string> = new Set();

/** Serves gRPC on one address; a Unix socket left behind by a dead process is replaced. Throws when the address is taken. */
export async function serve(options: ServeOptions): Promise<RpcServer> {
  const doors = new Doors(options);
  const open = new Set<Socket>();
  const admit = async (socket: Socket): Promise<void> => {
    socket.on('error', () => socket.destroy());
    open.add(socket);
    socket.once('close', () => open.delete(socket));
    const admission = (await options.admit?.(socket)) ?? true;
    if (admission === false) socket.destroy();
    else doors.of(admission === true ? undefined : admission).injector.injectConnection(socket);
  };
  const take = (socket: Socket): void => {
    admit(socket).catch((err: unknown) => {
      options.log.warn({ err }, 'connection refused');
      socket.destroy();
    });
  };
  const listener = await listen(options.listen, take);
  return {
    port: portOf(listener),
    setTls: (tls) => {
      if ('setSecureContext' in listener) listener.setSecureContext(tls);
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise<void>((resolve) => listener.close(() => resolve()));
      const { all } = doors;
      for (const { injector } of all) injector.drain(DRAIN_MS);
      await Promise.race([closed, new Promise((resolve) => setTimeout(resolve, DRAIN_MS).unref())]);
      for (const { injector } of all) injector.destroy();
      for (const socket of open) socket.destroy();
      for (const { grpc } of all) grpc.forceShutdown();
      await closed;
    },
  };
}

interface Door {
  readonly grpc: GrpcServer;
  readonly injector: ConnectionInjector;
}

/** The connections of one listener by what decides their calls: grpc-js does not tell a call's connection. */
class Doors {
  readonly #options: ServeOptions;
  readonly #relief = new MemoryRelief();
  readonly #doors = new Map<Authorize, Door>();

  constructor(options: ServeOptions) {
    this.#options = options;
    this.of(undefined);
  }

  get all(): readonly Door[] {
    return [...this.#doors.values()];
  }

  /** Made at the first connection that needs it. */
  of(other: Authorize | undefined): Door {
    const authorize = other ?? this.#options.authorize ?? admitAll;
    const door = this.#doors.get(authorize) ?? this.#open(authorize);
    this.#doors.set(authorize, door);
    return door;
  }

  #open(authorize: Authorize): Door {
    const grpc = new GrpcServer({
      'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
      'grpc.max_send_message_length': -1,
      'grpc-node.flow_control_window': 1024 * 1024,
    });
    const { services, log } = this.#options;
    for (const service of services) addService(grpc, service, { authorize, log, relief: this.#relief });
    return { grpc, injector: grpc.createConnectionInjector(ServerCredentials.createInsecure()) };
  }
}

const admitAll: Authorize = () => NOBODY;

interface CallOptions extends Pick<CallSetup, 'authorize' | 'log'> {
  readonly relief: MemoryRelief;
}

function addService(grpc: GrpcServer, service: BoundService, options: CallOptions): void {
  const definitions: Record<string, ReturnType<typeof grpcMethod>> = {};
  const handlers: Record<string, UntypedHandleCall> = {};
  for (const method of Object.values(service.definition.methods)) {
    const path = methodPath(service.definition, method);
    const setup = {
      method: path,
      handler: service.handlers.get(method.name),
      authorize: options.authorize,
      log: options.log,
    };
    definitions[method.name] = grpcMethod(path, method, options.relief);
    handlers[method.name] = method.responseStream
      ? (call: Parameters<typeof answerStream>[1]) => void answerStream(setup, call)
      : (call: Parameters<typeof answerUnary>[1], reply: Parameters<typeof answerUnary>[2]) =>
          void answerUnary(setup, call, reply);
  }
  grpc.addService(definitions, handlers);
}

async function listen(address: ListenAddress, take: (socket: Socket) => void): Promise<NetServer | TlsServer> {
  if (address.kind === 'tcp') {
    const server = createTlsServer({ ALPNProtocols: ['h2'], ...address.tls }, take);
    server.on('tlsClientError', (_e, socket) => socket.destroy());
    await listening(server, () => server.listen(address.port, address.host));
    return server;
  }
  await mkdir(dirname(address.path), { recursive: true });
  const server = createNetServer({ noDelay: true }, take);
  try {
    await listening(server, () => server.listen(address.path));
  } catch (e) {
    if (!hasCode(e, 'EADDRINUSE')) throw e;
    await rm(address.path, { force: true });
    await listening(server, () => server.listen(address.path));
  }
  if (address.mode !== undefined) await chmod(address.path, address.mode);
  if (address.uid !== undefined) await chown(address.path, address.uid, address.gid ?? address.uid);
  return server;
}

function listening(server: NetServer, start: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
    start();
  });
}

function portOf(server: NetServer): number {
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : 0;
}
