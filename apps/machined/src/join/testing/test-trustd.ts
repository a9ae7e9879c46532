import { SecurityServiceDefinition } from '@minos/api/security';
import { Fault, silentLogger } from '@minos/base';
import { issueCertificate, type KeyPairPem, normalizePrivateKeyPem, signRequest } from '@minos/pki';
import { bindService, type RpcServer, serve } from '@minos/rpc';

/** A trustd that signs for one token, on a free port of the loopback address. */
export interface TestTrustd extends AsyncDisposable {
  readonly port: number;
  /** Tokens that it was shown, in order. */
  readonly tokens: readonly string[];
}

const DAY_MS = 24 * 3600 * 1000;

/** Serves for one authority on this port; 0 takes a free one. */
export async function testTrustd(ca: KeyPairPem, token: string, port = 0): Promise<TestTrustd> {
  const tokens: string[] = [];
  const own = issueCertificate({
    ca,
    subject: { commonName: 'minos-cp-1' },
    ipAddresses: ['127.0.0.1'],
    usages: ['serverAuth'],
    notBeforeMs: Date.now(),
    ttlMs: DAY_MS,
  });
  const service = bindService(SecurityServiceDefinition, {
    Certificate: async ({ csr }, { metadata }) => {
      const given = metadata.first('token') ?? '';
      tokens.push(given);
      if (given !== token) throw new Fault('unauthenticated', 'invalid token');
      const { certPem } = signRequest({ ca, csrPem: csr.toString('utf8'), notBeforeMs: Date.now(), ttlMs: DAY_MS });
      return { ca: Buffer.from(ca.certPem), crt: Buffer.from(certPem) };
    },
  });
  const tls = { cert: own.certPem, key: normalizePrivateKeyPem(own.keyPem) };
  const server: RpcServer = await serve({
    listen: { kind: 'tcp', host: '127.0.0.1', port, tls },
    services: [service],
    log: silentLogger,
  });
  return { port: server.port, tokens, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}
