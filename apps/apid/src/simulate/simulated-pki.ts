import type { APICertsSpec } from '@minos/api/resource-specs';
import { emitClientConfig } from '@minos/config';
import { issueCertificate, type KeyPairPem, newCertificateAuthority } from '@minos/pki';
import type { Fixture } from './fixture.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** A throw-away authority for one run, with what a node and an administrator get from it. */
export interface SimulatedPki {
  readonly certificates: APICertsSpec;
  /** A client configuration file with a certificate of os:admin. */
  readonly clientConfig: string;
}

/** Makes it; keys are new with each call. */
export function simulatedPki(fixture: Fixture, nowMs: number): SimulatedPki {
  const ca = newCertificateAuthority({ organization: 'talos', nowMs: nowMs - HOUR_MS });
  const times = { notBeforeMs: nowMs - HOUR_MS, ttlMs: 30 * DAY_MS };
  const names = { ipAddresses: [...fixture.addresses], dnsNames: ['localhost', fixture.hostname] };
  const server = issueCertificate({ ca, ...times, ...names, subject: { commonName: fixture.hostname }, usages: ['serverAuth'] });
  const node = issueCertificate({
    ca,
    ...times,
    subject: { commonName: fixture.hostname, organizations: ['os:impersonator'] },
    usages: ['clientAuth'],
  });
  const admin = issueCertificate({ ca, ...times, subject: { organizations: ['os:admin'] }, usages: ['clientAuth'] });
  return {
    certificates: {
      server: bytesOf(server),
      client: bytesOf(node),
      acceptedCAs: [{ crt: Buffer.from(ca.certPem) }],
      skipVerifyingClientCert: false,
    },
    clientConfig: clientConfigOf(fixture, ca, admin),
  };
}

function clientConfigOf(fixture: Fixture, ca: KeyPairPem, admin: KeyPairPem): string {
  const context = {
    endpoints: [fixture.listen],
    nodes: [fixture.addresses[0] ?? '127.0.0.1'],
    caPem: ca.certPem,
    certPem: admin.certPem,
    keyPem: admin.keyPem,
    others: {},
  };
  return emitClientConfig({ context: 'simulation', contexts: new Map([['simulation', context]]) });
}

function bytesOf({ certPem, keyPem }: KeyPairPem) {
  return { crt: Buffer.from(certPem), key: Buffer.from(keyPem) };
}
