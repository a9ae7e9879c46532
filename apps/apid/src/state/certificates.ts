import { createSecureContext, type SecureContext, type SecureContextOptions } from 'node:tls';
import type { APICertsSpec } from '@minos/api/resource-specs';
import { Fault, messageOf, Secret } from '@minos/base';
import { normalizePrivateKeyPem, parseCertificate, splitBundle } from '@minos/pki';

/** The certificates of this node, ready for use. */
export interface NodeCertificates {
  readonly serverCertPem: string;
  readonly serverKey: Secret;
  readonly acceptedCas: readonly string[];
  /** What we show to other nodes; undefined on a node that has no certificate for it, and so cannot forward. */
  readonly client: SecureContext | undefined;
  /** When the server's certificate ends, milliseconds since the epoch. */
  readonly notAfterMs: number;
}

/** Reads the resource; throws a Fault `invalid` when something in it is of no use. */
export function readCertificates(spec: APICertsSpec): NodeCertificates {
  if (spec.server === undefined) throw new Fault('invalid', 'there is no server certificate');
  const acceptedCas = spec.acceptedCAs.flatMap(({ crt }) => splitBundle(textOf(crt)));
  const serverCertPem = textOf(spec.server.crt);
  const serverKey = normalizePrivateKeyPem(textOf(spec.server.key));
  usable('server', { cert: serverCertPem, key: serverKey, ca: [...acceptedCas] });
  return {
    serverCertPem,
    serverKey: new Secret(serverKey),
    acceptedCas,
    client: clientContext(spec.client, acceptedCas),
    notAfterMs: parseCertificate(serverCertPem).notAfterMs,
  };
}

function clientContext(client: APICertsSpec['client'], acceptedCas: readonly string[]): SecureContext | undefined {
  if (client === undefined || client.crt.length === 0 || client.key.length === 0) return undefined;
  return usable('client', { cert: textOf(client.crt), key: normalizePrivateKeyPem(textOf(client.key)), ca: [...acceptedCas] });
}

/** What OpenSSL makes of it; a Fault instead of its own error when it refuses. */
function usable(which: string, options: SecureContextOptions): SecureContext {
  try {
    return createSecureContext({ ...options, minVersion: 'TLSv1.3' });
  } catch (e) {
    throw new Fault('invalid', `the ${which} certificate is of no use: ${messageOf(e)}`, {}, { cause: e });
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('utf8');
}
