import { createConnection, isIP, type Socket } from 'node:net';
import { checkServerIdentity, connect, type TLSSocket } from 'node:tls';
import type { ClientTls } from '@minos/rpc';
import type { Endpoint } from '../node-call/parse-endpoint.ts';

/** What is seen of an endpoint by connecting to it as a call would, without asking anything. */
export type Seen =
  /** No TCP connection. */
  | { readonly kind: 'no-connection'; readonly code: string; readonly message: string }
  /** A connection, but no handshake. */
  | { readonly kind: 'no-tls'; readonly code: string; readonly message: string }
  /** A handshake, whatever was shown in it. */
  | { readonly kind: 'tls'; readonly shown: ShownCertificate; readonly after: AfterHandshake };

/** The server's certificate, and what our checks say of it. */
export interface ShownCertificate {
  readonly der: Buffer;
  /** OpenSSL's word for what is wrong with its chain; undefined when nothing is. */
  readonly chainProblem: string | undefined;
  /** Why it does not stand for the endpoint's name; undefined when it does. */
  readonly nameProblem: string | undefined;
}

/** What came after the handshake: a server with TLS 1.3 refuses our certificate only then. */
export type AfterHandshake =
  | { readonly kind: 'http2' }
  | { readonly kind: 'no-http2' }
  | { readonly kind: 'silence' }
  | { readonly kind: 'closed' }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

const CONNECT_MS = 3000;
const HANDSHAKE_MS = 3000;
const AFTER_MS = 1500;

/** Looks at an endpoint; never rejects. */
export async function probeEndpoint(endpoint: Endpoint, tls: ClientTls): Promise<Seen> {
  const socket = createConnection(endpoint);
  try {
    const refused = await tcpProblem(socket);
    return refused ?? (await handshake(socket, endpoint, tls));
  } finally {
    socket.destroy();
  }
}

function tcpProblem(socket: Socket): Promise<Seen | undefined> {
  return new Promise((resolve) => {
    const message = `no answer within ${CONNECT_MS} ms`;
    const late = setTimeout(() => resolve({ kind: 'no-connection', code: 'ETIMEDOUT', message }), CONNECT_MS);
    const end = (seen: Seen | undefined): void => {
      clearTimeout(late);
      resolve(seen);
    };
    socket.once('connect', () => end(undefined));
    socket.on('error', (e) => end({ kind: 'no-connection', ...problemOf(e) }));
  });
}

function handshake(socket: Socket, { host }: Endpoint, { ca, cert, key, serverName }: ClientTls): Promise<Seen> {
  const name = serverName ?? host;
  const secure = connect({
    socket,
    ALPNProtocols: ['h2'],
    rejectUnauthorized: false,
    // The chain is one question, the name another.
    checkServerIdentity: () => undefined,
    ...(isIP(name) === 0 ? { servername: name } : {}),
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined || key === undefined ? {} : { cert, key }),
  });
  return new Promise((resolve) => {
    let shown: ShownCertificate | undefined;
    const end = (after: AfterHandshake): void => {
      clearTimeout(late);
      secure.destroy();
      if (shown !== undefined) resolve({ kind: 'tls', shown, after });
      else resolve({ kind: 'no-tls', ...withoutHandshake(after) });
    };
    let late = setTimeout(() => end({ kind: 'silence' }), HANDSHAKE_MS);
    secure.once('secureConnect', () => {
      shown = shownBy(secure, name);
      clearTimeout(late);
      late = setTimeout(() => end({ kind: 'silence' }), AFTER_MS);
      if (secure.alpnProtocol !== 'h2') end({ kind: 'no-http2' });
    });
    // The type of a frame is its fourth byte, and SETTINGS (4) comes first (RFC 9113 §3.4).
    secure.once('data', (bytes: Buffer) => end({ kind: bytes[3] === 4 ? 'http2' : 'no-http2' }));
    secure.once('error', (e) => end({ kind: 'error', ...problemOf(e) }));
    secure.once('close', () => end({ kind: 'closed' }));
  });
}

function withoutHandshake(after: AfterHandshake): { readonly code: string; readonly message: string } {
  if (after.kind === 'error') return { code: after.code, message: after.message };
  const message = after.kind === 'silence' ? `no TLS handshake within ${HANDSHAKE_MS} ms` : 'closed during the TLS handshake';
  return { code: after.kind === 'silence' ? 'TLS_SILENCE' : 'TLS_CLOSED', message };
}

function shownBy(secure: TLSSocket, name: string): ShownCertificate {
  const certificate = secure.getPeerX509Certificate();
  const problem = checkServerIdentity(name, secure.getPeerCertificate());
  return {
    der: certificate?.raw ?? Buffer.alloc(0),
    chainProblem: secure.authorized ? undefined : codeOf(secure.authorizationError),
    nameProblem: problem?.message,
  };
}

function problemOf(e: unknown): { readonly code: string; readonly message: string } {
  const message = typeof e === 'object' && e !== null && 'message' in e ? String(e.message) : String(e);
  return { code: codeOf(e), message: message.trim() };
}

/** Node gives the problem of a chain as an error with a code, or as the code itself. */
function codeOf(e: unknown): string {
  if (typeof e === 'string') return e;
  return typeof e === 'object' && e !== null && 'code' in e ? String(e.code) : 'UNKNOWN';
}
