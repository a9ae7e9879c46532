import { parseCertificate } from './parse-certificate.ts';

/** Who presented a client certificate that a TLS server has already verified. */
export interface ClientIdentity {
  readonly commonName: string;
  /** Organizations of the subject, as written: role names, known or not. */
  readonly roles: readonly string[];
  /** Whether the extended key usage is exactly client authentication; certificates with more are to be refused. */
  readonly isClientOnly: boolean;
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
}

/** Reads a client's leaf certificate (DER); throws a Fault `invalid` when the bytes are not one. */
export function clientIdentity(der: Uint8Array): ClientIdentity {
  const { subject, extendedKeyUsages, notBeforeMs, notAfterMs } = parseCertificate(der);
  return {
    commonName: subject.commonName,
    roles: subject.organizations,
    isClientOnly: extendedKeyUsages.length === 1 && extendedKeyUsages[0] === 'clientAuth',
    notBeforeMs,
    notAfterMs,
  };
}
