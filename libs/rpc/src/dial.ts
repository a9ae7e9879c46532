import { isIP } from 'node:net';
import { checkServerIdentity } from 'node:tls';
import { Channel, type ChannelCredentials, type ChannelOptions, connectivityState, credentials } from '@grpc/grpc-js';
import { MAX_MESSAGE_BYTES } from './serve.ts';
import { VerifiedCredentials } from './verified-credentials.ts';

/** Whom to call. */
export type DialTarget =
  | { readonly kind: 'unix'; readonly path: string }
  | { readonly kind: 'tcp'; readonly host: string; readonly port: number; readonly tls: ClientTls };

/** How to know the server, and how to be known; PEM texts. */
export interface ClientTls {
  /** Certificates of the authorities to trust; the server is not verified against any when it is undefined. */
  readonly ca: string | undefined;
  readonly cert?: string;
  readonly key?: string;
  /** Name to expect in the server's certificate when it is not the host. */
  readonly serverName?: string;
  /** Looks at the server's certificate (DER) instead of its name; throws to refuse it, before anything is sent. */
  readonly verifyPeer?: (der: Buffer) => void;
}

/** A lazily connected, self-healing connection that any number of clients share; disposing it ends every call. */
export interface RpcChannel extends Disposable {
  readonly grpc: Channel;
}

const OPTIONS: ChannelOptions = {
  'grpc.max_receive_message_length': MAX_MESSAGE_BYTES,
  'grpc.max_send_message_length': -1,
  'grpc.enable_http_proxy': 0,
  'grpc.enable_retries': 0,
  'grpc.use_local_subchannel_pool': 1,
  'grpc.service_config_disable_resolution': 1,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 3000,
  'grpc-node.flow_control_window': 1024 * 1024,
};

const LOCAL_RECONNECT: ChannelOptions = { 'grpc.initial_reconnect_backoff_ms': 20, 'grpc.max_reconnect_backoff_ms': 200 };

/** Makes a channel; nothing is sent before the first call. */
export function dial(target: DialTarget): RpcChannel {
  // Nobody is far away on a Unix socket: a daemon that is started again is found at once.
  const options: ChannelOptions = { ...OPTIONS, ...(target.kind === 'unix' ? LOCAL_RECONNECT : {}) };
  if (target.kind === 'tcp' && target.tls.serverName !== undefined) {
    options['grpc.ssl_target_name_override'] = target.tls.serverName;
    options['grpc.default_authority'] = target.tls.serverName;
  } else if (target.kind === 'tcp' && isIP(target.host) !== 0) {
    // grpc-js would send the address as the server's name, which Node refuses (RFC 6066 §3); the certificate is still
    // checked against the address.
    options['grpc.ssl_target_name_override'] = 'node';
    const [address, scope] = target.host.split('%');
    if (scope !== undefined) options['grpc.default_authority'] = `[${address}]:${target.port}`;
  }
  const grpc = new Channel(addressOf(target), credentialsOf(target), options);
  return { grpc, [Symbol.dispose]: () => grpc.close() };
}

/** Resolves once the other end of a channel has spoken HTTP/2; never when it does not, or was given up before. */
export function channelReady(channel: RpcChannel): Promise<void> {
  return new Promise((resolve) => {
    const look = (): void => {
      const state = channel.grpc.getConnectivityState(false);
      if (state === connectivityState.READY) resolve();
      else if (state !== connectivityState.SHUTDOWN) channel.grpc.watchConnectivityState(state, Number.POSITIVE_INFINITY, look);
    };
    look();
  });
}

function addressOf(target: DialTarget): string {
  if (target.kind === 'unix') return `unix:${target.path}`;
  // grpc-js makes a URL of the first address, and no URL can hold the interface of a link-local one (RFC 9844): the first is there for
  // that alone. It is a multicast one, which connect(2) refuses at once for TCP, so that nobody else is ever called.
  if (target.host.includes('%')) return `ipv6:[ff00::]:${target.port},[${target.host}]:${target.port}`;
  const host = target.host.includes(':') ? `[${target.host}]` : target.host;
  return `dns:${host}:${target.port}`;
}

function credentialsOf(target: DialTarget): ChannelCredentials {
  if (target.kind === 'unix') return credentials.createInsecure();
  const { ca, cert, key, verifyPeer } = target.tls;
  const expected = target.tls.serverName ?? target.host;
  const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
  const tls = credentials.createSsl(pem(ca), pem(key), pem(cert), {
    rejectUnauthorized: ca !== undefined,
    checkServerIdentity: (_host, peer) => (verifyPeer === undefined ? checkServerIdentity(expected, peer) : undefined),
  });
  return verifyPeer === undefined ? tls : new VerifiedCredentials(tls, verifyPeer);
}
