import type { PEMEncodedCertificateAndKey } from '@minos/api/common';
import { APICertsSpec, type CertSANSpec, type OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { issueCertificate, type KeyPairPem, type KeyUsage } from '@minos/pki';
import { formatNetIp } from '@minos/resource';
import { CERTIFICATE_TTL_MS, planCertificate } from './certificate-plan.ts';

/** What a control plane issues from: its root secrets, the names it goes by, and what it has. */
export interface IssueInputs {
  readonly root: OSRootSpec;
  readonly sans: CertSANSpec;
  readonly api: APICertsSpec | undefined;
  readonly trustd: TrustdCertsSpec | undefined;
  readonly nowMs: number;
}

/** What a control plane has afterwards, and until when that is good. */
export interface IssuedCertificates {
  readonly api: APICertsSpec;
  readonly trustd: TrustdCertsSpec;
  readonly untilMs: number;
  /** Which of the three are new. */
  readonly issued: readonly ('server' | 'client' | 'trustd')[];
}

/** What forwards on behalf of others says that it is. */
const IMPERSONATOR = 'os:impersonator';

/** Keeps what is still good and issues the rest; undefined while the node has no authority to issue from. Pure but for keys. */
export function issueCertificates(inputs: IssueInputs): IssuedCertificates | undefined {
  const { root, sans, api, trustd, nowMs } = inputs;
  const issuing = root.issuingCa;
  if (issuing === undefined || issuing.crt.length === 0 || issuing.key.length === 0) return undefined;
  const ca = { certPem: issuing.crt.toString('utf8'), keyPem: issuing.key.toString('utf8') };
  const issued: IssuedCertificates['issued'][number][] = [];
  let untilMs = nowMs + CERTIFICATE_TTL_MS / 2;
  const use = (
    name: IssuedCertificates['issued'][number],
    current: PEMEncodedCertificateAndKey | undefined,
    make: () => KeyPairPem,
  ): PEMEncodedCertificateAndKey => {
    const plan = planCertificate(current, { names: sans, hasNames: name !== 'client', bundlePem: ca.certPem }, nowMs);
    if (plan.kind === 'keep' && current !== undefined) {
      untilMs = Math.min(untilMs, plan.untilMs);
      return current;
    }
    issued.push(name);
    const { certPem, keyPem } = make();
    return { crt: Buffer.from(certPem), key: Buffer.from(keyPem) };
  };
  const server = use('server', api?.server, () => serverCertificate(ca, inputs, ['digitalSignature']));
  const client = use('client', api?.client, () => clientCertificate(ca, inputs));
  const own = use('trustd', trustd?.server, () => serverCertificate(ca, inputs, ['digitalSignature', 'keyEncipherment']));
  const acceptedCAs = root.acceptedCAs;
  return {
    api: APICertsSpec.fromPartial({ server, client, acceptedCAs }),
    trustd: TrustdCertsSpec.fromPartial({ server: own, acceptedCAs }),
    untilMs,
    issued,
  };
}

function serverCertificate(ca: KeyPairPem, { sans, nowMs }: IssueInputs, keyUsage: readonly KeyUsage[]): KeyPairPem {
  return issueCertificate({
    ca,
    subject: { commonName: sans.fqdn },
    dnsNames: sans.dnsNames,
    ipAddresses: sans.iPs.map(formatNetIp),
    usages: ['serverAuth'],
    keyUsage,
    notBeforeMs: nowMs,
    ttlMs: CERTIFICATE_TTL_MS,
  });
}

function clientCertificate(ca: KeyPairPem, { sans, nowMs }: IssueInputs): KeyPairPem {
  return issueCertificate({
    ca,
    subject: { commonName: sans.fqdn, organizations: [IMPERSONATOR] },
    usages: ['clientAuth'],
    notBeforeMs: nowMs,
    ttlMs: CERTIFICATE_TTL_MS,
  });
}
