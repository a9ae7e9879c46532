import type { PEMEncodedCertificate, PEMEncodedCertificateAndKey } from '@minos/api/common';
import { APICertsSpec, CertSANSpec, OSRootSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { formatNetIp } from '../ip-text.ts';
import type { YamlValue } from '../resource-type.ts';
import { defineType, omitEmpty } from './define-type.ts';

/** Certificates of apid; id `api`. */
export const apiCertificatesType = defineType<APICertsSpec>({
  type: 'ApiCertificates.secrets.talos.dev',
  displayType: 'ApiCertificate',
  namespace: 'secrets',
  aliases: ['apicertificate', 'ac', 'acs'],
  isSensitive: true,
  codec: APICertsSpec,
  toYaml: (s) => ({
    client: pairYaml(s.client),
    server: pairYaml(s.server),
    acceptedCAs: s.acceptedCAs.map(certificateYaml),
    skipVerifyingClientCert: s.skipVerifyingClientCert,
  }),
});

/** The node's certificate authority and token; id `os`. */
export const osRootType = defineType<OSRootSpec>({
  type: 'OSRootSecrets.secrets.talos.dev',
  displayType: 'OSRootSecret',
  namespace: 'secrets',
  aliases: ['osrootsecret', 'osrs'],
  isSensitive: true,
  codec: OSRootSpec,
  toYaml: (s) => ({
    issuingCA: pairYaml(s.issuingCa),
    certSANIPs: s.certSaniPs.map(formatNetIp),
    certSANDNSNames: s.certSandnsNames,
    token: s.token,
    ...omitEmpty({ acceptedCAs: s.acceptedCAs.map(certificateYaml) }),
  }),
});

/** Certificates of trustd; id `trustd`. */
export const trustdCertificatesType = defineType<TrustdCertsSpec>({
  type: 'TrustdCertificates.secrets.talos.dev',
  displayType: 'TrustdCertificate',
  namespace: 'secrets',
  aliases: ['trustdcertificate', 'tc', 'tcs'],
  isSensitive: true,
  codec: TrustdCertsSpec,
  toYaml: (s) => ({ server: pairYaml(s.server), acceptedCAs: s.acceptedCAs.map(certificateYaml) }),
});

/** Names and addresses that apid's certificate must carry; id `api`. */
export const certSanType = defineType<CertSANSpec>({
  type: 'CertSANs.secrets.talos.dev',
  displayType: 'CertSAN',
  namespace: 'secrets',
  aliases: ['certsan', 'csan', 'csans'],
  isSensitive: true,
  codec: CertSANSpec,
  toYaml: (s) => ({ ips: s.iPs.map(formatNetIp), dnsNames: s.dnsNames, fqdn: s.fqdn }),
});

function pairYaml(pair: PEMEncodedCertificateAndKey | undefined): YamlValue {
  if (pair === undefined) return null;
  return { crt: base64(pair.crt), key: base64(pair.key) };
}

function certificateYaml(certificate: PEMEncodedCertificate): YamlValue {
  return { crt: base64(certificate.crt) };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}
