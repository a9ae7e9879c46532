import { APICertsSpec, TrustdCertsSpec } from '@minos/api/resource-specs';
import { hasCode, type Logger, messageOf } from '@minos/base';
import type { Files } from '@minos/host';

/** Certificates that outlive a restart of machined, but not a boot. */
export interface KeptCertificates {
  readonly api: APICertsSpec | undefined;
  readonly trustd: TrustdCertsSpec | undefined;
}

/** Where certificates are kept for the next machined. */
export interface CertificateKeep {
  /** What is there; nothing when it cannot be read. */
  load(): Promise<KeptCertificates>;
  /** Best effort: a certificate that could not be kept is issued again. */
  save(certificates: KeptCertificates): Promise<void>;
}

const NONE: KeptCertificates = { api: undefined, trustd: undefined };

/** Keeps certificates in a file that only root reads; it must be on memory, since private keys are in it. */
export function fileKeep(files: Files, path: string, log: Logger): CertificateKeep {
  return {
    load: async () => {
      try {
        return readKept(await files.readText(path));
      } catch (e) {
        if (!hasCode(e, 'ENOENT')) log.warn({ err: messageOf(e), path }, 'kept certificates cannot be read');
        return NONE;
      }
    },
    save: async ({ api, trustd }) => {
      const text = JSON.stringify({
        api: api === undefined ? undefined : base64(APICertsSpec.encode(api).finish()),
        trustd: trustd === undefined ? undefined : base64(TrustdCertsSpec.encode(trustd).finish()),
      });
      try {
        await files.write(path, text, { mode: 0o600, atomic: true });
      } catch (e) {
        log.warn({ err: messageOf(e), path }, 'certificates cannot be kept');
      }
    },
  };
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64');
}

/** Throws on anything that was not written here. */
function readKept(text: string): KeptCertificates {
  const raw: unknown = JSON.parse(text);
  const bytesAt = (key: 'api' | 'trustd'): Buffer | undefined => {
    const value = typeof raw === 'object' && raw !== null ? Object.getOwnPropertyDescriptor(raw, key)?.value : undefined;
    return typeof value === 'string' ? Buffer.from(value, 'base64') : undefined;
  };
  const api = bytesAt('api');
  const trustd = bytesAt('trustd');
  return {
    api: api === undefined ? undefined : APICertsSpec.decode(api),
    trustd: trustd === undefined ? undefined : TrustdCertsSpec.decode(trustd),
  };
}
