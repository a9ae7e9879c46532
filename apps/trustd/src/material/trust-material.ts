import type { TlsOptions } from 'node:tls';
import type { OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { type KeyPairPem, normalizePrivateKeyPem } from '@minos/pki';

/** What the node trusts and signs with, as last told. */
export interface TrustMaterial {
  readonly token: string;
  /** Undefined on a node that does not sign. */
  readonly issuer: KeyPairPem | undefined;
  /** Every accepted authority, the issuing one last; one PEM text. */
  readonly bundlePem: string;
}

const SSL_OP_NO_TICKET = 0x4000;

/** Reads the token and the authorities from the node's root secrets; pure. */
export function trustMaterial(root: OSRootSpec): TrustMaterial {
  const issuing = root.issuingCa;
  const certPem = issuing === undefined ? '' : withNewline(issuing.crt.toString('utf8'));
  const accepted = root.acceptedCAs.map((ca) => withNewline(ca.crt.toString('utf8'))).filter((pem) => pem !== certPem);
  const isSigning = issuing !== undefined && certPem !== '' && issuing.key.length > 0;
  return {
    token: root.token,
    issuer: isSigning ? { certPem, keyPem: issuing.key.toString('utf8') } : undefined,
    bundlePem: [...accepted, certPem].join(''),
  };
}

/** How to be known to callers: a certificate of our own, none asked of them, no resumption. Undefined when there is none yet. */
export function serverTls({ server }: TrustdCertsSpec): TlsOptions | undefined {
  if (server === undefined || server.crt.length === 0 || server.key.length === 0) return undefined;
  return {
    cert: server.crt.toString('utf8'),
    key: normalizePrivateKeyPem(server.key.toString('utf8')),
    minVersion: 'TLSv1.2',
    secureOptions: SSL_OP_NO_TICKET,
  };
}

function withNewline(pem: string): string {
  return pem === '' || pem.endsWith('\n') ? pem : `${pem}\n`;
}
