import { isIP, type NetConnectOpts, connect as netConnect } from 'node:net';
import { type ConnectionOptions, type SecureContext, connect as tlsConnect } from 'node:tls';
import type { OpenSocket } from './backend-conn.ts';

/** Socket reads go into one buffer for all: what arrives is passed on or copied before the next read. */
export class ReadBuffer {
  readonly #buffer: Buffer;

  constructor(bytes: number) {
    this.#buffer = Buffer.allocUnsafeSlow(bytes);
  }

  /** The option `onread` of a socket. */
  into(receive: (bytes: Buffer) => void): NonNullable<NetConnectOpts['onread']> {
    return {
      buffer: this.#buffer,
      callback: (length) => {
        receive(this.#buffer.subarray(0, length));
        return true;
      },
    };
  }
}

/** Plain connections to a Unix socket. */
export function unixSocket(path: string, reads: ReadBuffer): OpenSocket {
  return (receive) => netConnect({ path, onread: reads.into(receive) });
}

/** How another apid is reached. */
export interface RemoteSocketOptions {
  readonly host: string;
  readonly port: number;
  /** Our certificate and whom we trust, as they are at the time of connecting. */
  readonly secureContext: () => SecureContext;
}

/** TLS connections to another apid, whose certificate must name the host. */
export function remoteSocket(options: RemoteSocketOptions, reads: ReadBuffer): OpenSocket {
  const { host, port } = options;
  return (receive) => {
    // TLS sockets take all options of net sockets, but their types do not say so.
    const tls: ConnectionOptions & Pick<NetConnectOpts, 'onread'> = {
      host,
      port,
      // Server names must not be addresses: RFC 6066 §3. The certificate is checked against the host all the same.
      servername: isIP(host) === 0 ? host : '',
      secureContext: options.secureContext(),
      ALPNProtocols: ['h2'],
      minVersion: 'TLSv1.3',
      rejectUnauthorized: true,
      onread: reads.into(receive),
    };
    const socket = tlsConnect(tls);
    socket.setNoDelay(true);
    return socket;
  };
}
