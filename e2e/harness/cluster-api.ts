import { type ClientHttp2Session, connect, type OutgoingHttpHeaders } from 'node:http2';
import { Fault } from '@minos/base';
import { normalizePrivateKeyPem } from '@minos/pki';
import { dial, type RpcChannel } from '@minos/rpc';
import type { Cluster, ClusterNode } from './cluster.ts';
import { clusterContext } from './cluster-pki.ts';

const PORT = 50_000;

interface Identity {
  readonly ca: string;
  readonly cert: string;
  readonly key: string;
}

async function admin(cluster: Cluster): Promise<Identity> {
  const { caPem, certPem, keyPem } = await clusterContext(cluster);
  if (caPem === undefined || certPem === undefined || keyPem === undefined) throw new Fault('invalid', 'context is not complete');
  return { ca: caPem, cert: certPem, key: normalizePrivateKeyPem(keyPem) };
}

/** A gRPC channel to the apid of a node, the control plane when none is named, with the certificate of the cluster's admin. */
export async function adminChannel(cluster: Cluster, endpoint: ClusterNode = cluster.controlPlane): Promise<RpcChannel> {
  return dial({ kind: 'tcp', host: endpoint.address, port: PORT, tls: await admin(cluster) });
}

/** What came back on a stream of plain HTTP/2. */
export interface RawReply {
  readonly headers: Readonly<Record<string, unknown>>;
  readonly body: Buffer;
  readonly trailers: Readonly<Record<string, unknown>>;
}

/** A connection of Node's own HTTP/2 to the control plane's apid: what a foreign client may send, field by field. */
export interface RawConnection extends Disposable {
  readonly session: ClientHttp2Session;
  /** Sends one gRPC message, empty unless given, to a method with these headers more. */
  call(path: string, headers?: OutgoingHttpHeaders, message?: Buffer): Promise<RawReply>;
}

/** Opens such a connection. */
export async function rawConnection(cluster: Cluster): Promise<RawConnection> {
  const session = connect(`https://${cluster.controlPlane.address}:${PORT}`, { ...(await admin(cluster)), servername: '' });
  await new Promise((resolve, reject) => session.once('remoteSettings', resolve).once('error', reject));
  const call = (path: string, headers: OutgoingHttpHeaders = {}, message: Buffer = Buffer.alloc(0)): Promise<RawReply> =>
    new Promise((resolve, reject) => {
      const stream = session.request({
        ':method': 'POST',
        ':path': path,
        'content-type': 'application/grpc',
        te: 'trailers',
        ...headers,
      });
      const seen: { headers: Record<string, unknown>; trailers: Record<string, unknown>; body: Buffer[] } = {
        headers: {},
        trailers: {},
        body: [],
      };
      stream.once('response', (found) => Object.assign(seen.headers, found));
      stream.once('trailers', (found) => Object.assign(seen.trailers, found));
      stream.on('data', (bytes: Buffer) => seen.body.push(bytes));
      stream.once('error', reject);
      stream.once('end', () => resolve({ headers: seen.headers, trailers: seen.trailers, body: Buffer.concat(seen.body) }));
      const prefix = Buffer.alloc(5);
      prefix.writeUInt32BE(message.length, 1);
      stream.end(Buffer.concat([prefix, message]));
    });
  return { session, call, [Symbol.dispose]: () => session.destroy() };
}
