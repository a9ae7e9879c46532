import { constants } from 'node:crypto';
import type { Socket } from 'node:net';
import { createServer, type Server, type TLSSocket, type TlsOptions } from 'node:tls';
import { type Clock, Fault, isFault, type Logger, messageOf } from '@minos/base';
import { type Conn, type Engine, ErrorCode, type Head } from '@minos/http2';
import { clientIdentity } from '@minos/pki';
import { NodeHttp2 } from '@minos/rpc';
import type { CallDoor } from '../call/call-door.ts';
import type { CallFront } from '../call/call-front.ts';
import { Status } from '../call/grpc-status.ts';
import { endWith } from '../call/reply.ts';
import { anonymousReader, type Caller, callerOf } from '../identity/caller.ts';
import type { LimitCounts } from '../log/limit-log.ts';
import type { LineLimit } from '../log/line-limit.ts';
import { ClientCount, type ConnectionLimits } from './client-count.ts';
import { peerName } from './peer-name.ts';

/** What the front shows, and whom it takes; PEM texts. */
export interface FrontCertificates {
  readonly certPem: string;
  readonly keyPem: string;
  /** Authorities of clients; at least one. */
  readonly acceptedCas: readonly string[];
}

/** `frames`: that of libs/http2; `node`: Node's own, to compare with, and as a way back. */
export type Http2Kind = 'frames' | 'node';

/** A connection of a client. */
interface ClientConn {
  drain(): void;
  fail(code: number, why: string): void;
}

/** How the front is set up. */
export interface FrontOptions {
  readonly host: string | undefined;
  readonly port: number;
  readonly certificates: FrontCertificates;
  /** In maintenance: clients show no certificate, and may read. */
  readonly isAnonymous: boolean;
  readonly door: CallDoor;
  readonly engine: Engine;
  readonly clock: Clock;
  readonly log: Logger;
  /** Of lines about refused clients. */
  readonly limit: LineLimit;
  readonly connectionLimits: ConnectionLimits;
  readonly handshakeMs?: number;
  /** Whose HTTP/2 is spoken to clients. */
  readonly http2: Http2Kind;
  /** Counts what was refused because of a limit. */
  readonly limitCounts: LimitCounts;
}

const HANDSHAKE_MS = 10_000;
const DRAIN_MS = 10_000;
const LEAVE_MS = 2000;
/** A client that vanished holds resources; one that is merely stopped for a while should find its streams again. */
const CLIENT_LIVENESS = { keepaliveIdleMs: 10_000, keepaliveTimeoutMs: 60_000 };

/** The listener that the world talks to: TLS 1.3, certificates of clients, HTTP/2. */
export class Front implements AsyncDisposable {
  readonly #options: FrontOptions;
  readonly #server: Server;
  readonly #conns = new Set<ClientConn>();
  readonly #clients: ClientCount;
  /** Those that are let in only to be told that they are too many, by address and port. */
  readonly #surplus = new Set<string>();
  #wake: (() => void) | undefined;

  private constructor(options: FrontOptions) {
    this.#options = options;
    this.#clients = new ClientCount(options.connectionLimits);
    this.#server = createServer({
      ...frontTls(options.certificates),
      requestCert: !options.isAnonymous,
      handshakeTimeout: options.handshakeMs ?? HANDSHAKE_MS,
    });
    this.#server.on('connection', (socket: Socket) => this.#arrived(socket));
    this.#server.on('secureConnection', (socket) => this.#admit(socket));
    this.#server.on('tlsClientError', (err, socket) => {
      options.limitCounts.hit('handshake');
      this.#refused(peerName(socket.remoteAddress), messageOf(err));
      socket.destroy();
    });
  }

  /** Listens; throws a Fault when the certificates are of no use, or the address is taken. */
  static async open(options: FrontOptions): Promise<Front> {
    const front = new Front(options);
    const listening = Promise.withResolvers<void>();
    front.#server.once('error', listening.reject);
    front.#server.listen(
      { port: options.port, ...(options.host === undefined ? {} : { host: options.host }) },
      listening.resolve,
    );
    try {
      await listening.promise;
    } catch (e) {
      throw new Fault(
        'unavailable',
        `cannot listen on port ${options.port}: ${messageOf(e)}`,
        { port: options.port },
        { cause: e },
      );
    }
    return front;
  }

  /** The port listened on. */
  get port(): number {
    const address = this.#server.address();
    return typeof address === 'object' && address !== null ? address.port : 0;
  }

  /** Shows and takes others from the next handshake on; connections that exist stay. */
  replaceCertificates(certificates: FrontCertificates): void {
    this.#server.setSecureContext(frontTls(certificates));
  }

  /** Takes no new connections and calls; lets those that run end, for at most 10 s. */
  [Symbol.asyncDispose](): Promise<void> {
    return this.#drain(DRAIN_MS);
  }

  /** The same in haste, for a process that is to end: 2 s. */
  leave(): Promise<void> {
    return this.#drain(LEAVE_MS);
  }

  async #drain(mostMs: number): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()));
    for (const conn of this.#conns) conn.drain();
    const late = new AbortController();
    const timer = this.#options.clock.sleep(mostMs, late.signal).then(
      () => {
        for (const conn of this.#conns) conn.fail(ErrorCode.noError, 'shutting down');
      },
      (e: unknown) => {
        if (!isFault(e, 'cancelled')) throw e;
      },
    );
    await this.#empty();
    late.abort();
    await timer;
    await closed;
  }

  #empty(): Promise<void> {
    if (this.#conns.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      this.#wake = resolve;
    });
  }

  /** A connection before its handshake: counted from here on, and closed when there are far too many. */
  #arrived(socket: Socket): void {
    const peer = peerName(socket.remoteAddress);
    const verdict = this.#clients.add(peer);
    const name = endOf(socket);
    socket.once('close', () => {
      this.#clients.remove(peer);
      this.#surplus.delete(name);
    });
    if (verdict === 'take') return;
    this.#options.limitCounts.hit('connections');
    if (verdict === 'close') socket.destroy();
    else this.#surplus.add(name);
  }

  #admit(socket: TLSSocket): void {
    const caller = this.#callerOf(socket);
    if (caller === undefined) return;
    const { engine, door, log, http2 } = this.#options;
    const isSurplus = this.#surplus.has(endOf(socket));
    const request = (front: CallFront, head: Head, isEnd: boolean): void => {
      if (isSurplus) this.#tellSurplus(front, conn);
      else door.enter(front, head, { caller, isEnd });
    };
    const closed = (): void => this.#closed(conn);
    socket.setNoDelay(true);
    const failed = (_conn: Conn, err: unknown): void =>
      log.error({ peer: caller.peer, err }, 'handling of a client connection failed');
    const open = (): Conn => {
      const made = engine.open(socket, { role: 'server', owner: { request, closed, failed }, liveness: CLIENT_LIVENESS });
      socket.on('data', (bytes: Buffer) => made.receive(bytes));
      return made;
    };
    const conn = http2 === 'node' ? new NodeHttp2(socket, { request, closed }) : open();
    this.#conns.add(conn);
  }

  #tellSurplus(half: CallFront, conn: ClientConn): void {
    const { connections, connectionsPerPeer } = this.#options.connectionLimits;
    const evidence = `at most ${connections} connections of clients, ${connectionsPerPeer} from one address`;
    endWith(half, {
      code: Status.resourceExhausted,
      message: `too many connections: ${evidence}`,
      info: {
        reason: 'TOO_MANY_CONNECTIONS',
        hop: 'you → endpoint',
        evidence,
        next: 'the same command again, or another endpoint',
      },
    });
    conn.drain();
  }

  #closed(conn: ClientConn): void {
    this.#conns.delete(conn);
    if (this.#conns.size === 0) this.#wake?.();
  }

  #refused(peer: string, reason: string): void {
    const { log, limit } = this.#options;
    if (limit.hasRoom()) log.info({ peer, reason }, 'client refused');
  }

  /** Who the client is; undefined when it was refused. OpenSSL has checked the chain, its times and its purpose before. */
  #callerOf(socket: TLSSocket): Caller | undefined {
    const peer = peerName(socket.remoteAddress);
    const connectedMs = this.#options.clock.monotonicMs();
    if (this.#options.isAnonymous) return anonymousReader(peer, connectedMs);
    try {
      const certificate = socket.getPeerX509Certificate();
      if (certificate === undefined || !socket.authorized) throw new Fault('unauthenticated', 'no certificate that we trust');
      const identity = clientIdentity(certificate.raw);
      if (!identity.isClientOnly) throw new Fault('unauthenticated', 'certificate is not for client authentication alone');
      return callerOf({ ...identity, organizations: identity.roles, peer, connectedMs });
    } catch (e) {
      if (!isFault(e)) throw e;
      this.#refused(peer, e.message);
      socket.on('error', () => undefined);
      socket.destroy();
      return undefined;
    }
  }
}

/** The other end of a connection. */
function endOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

function frontTls({ certPem, keyPem, acceptedCas }: FrontCertificates): TlsOptions {
  return {
    cert: certPem,
    key: keyPem,
    ca: [...acceptedCas],
    rejectUnauthorized: true,
    minVersion: 'TLSv1.3',
    ALPNProtocols: ['h2'],
    // Sessions are never resumed: each connection shows its certificate anew.
    secureOptions: constants.SSL_OP_NO_TICKET,
  };
}
