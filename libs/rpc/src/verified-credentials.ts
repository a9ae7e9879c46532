import type { TLSSocket } from 'node:tls';
import { type CallCredentials, ChannelCredentials, type ChannelOptions, type experimental } from '@grpc/grpc-js';
import { Fault } from '@minos/base';

type SecureConnector = experimental.SecureConnector;
type ChannelTarget = Parameters<ChannelCredentials['_createSecureConnector']>[0];

/**
 * TLS credentials whose server is looked at after the handshake and before a byte of HTTP/2 is sent, whatever OpenSSL
 * thinks of its certificate. Node calls `checkServerIdentity` only for chains that it trusts, so that alone would let
 * any self-signed certificate pass (tls.connect, `rejectUnauthorized: false`).
 */
export class VerifiedCredentials extends ChannelCredentials {
  readonly #inner: ChannelCredentials;
  readonly #verify: (der: Buffer) => void;

  constructor(inner: ChannelCredentials, verify: (der: Buffer) => void) {
    super();
    this.#inner = inner;
    this.#verify = verify;
  }

  _isSecure(): boolean {
    return true;
  }

  _equals(other: ChannelCredentials): boolean {
    return this === other;
  }

  _createSecureConnector(target: ChannelTarget, options: ChannelOptions, perCall?: CallCredentials): SecureConnector {
    const inner = this.#inner._createSecureConnector(target, options, perCall);
    return {
      connect: async (socket) => {
        const connected = await inner.connect(socket);
        try {
          this.#verify(leafOf(connected.socket));
        } catch (e) {
          connected.socket.destroy();
          throw e;
        }
        return connected;
      },
      waitForReady: () => inner.waitForReady(),
      getCallCredentials: () => inner.getCallCredentials(),
      destroy: () => inner.destroy(),
    };
  }
}

function leafOf(socket: object): Buffer {
  const certificate = isTls(socket) ? socket.getPeerX509Certificate() : undefined;
  if (certificate === undefined) throw new Fault('unauthenticated', 'the server shows no certificate');
  return certificate.raw;
}

function isTls(socket: object): socket is TLSSocket {
  return 'getPeerX509Certificate' in socket;
}
