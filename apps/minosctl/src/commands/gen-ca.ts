import { newCertificateAuthority, spkiFingerprint } from '@minos/pki';
import type { RunCommand } from '../cli/command.ts';
import { writeOutputs } from '../generate/write-outputs.ts';

interface Options {
  readonly organization: string;
  readonly hours: number;
  readonly rsa: boolean;
  readonly force: boolean;
}

const HOUR_MS = 3_600_000;

/** Makes an authority that signs itself: certificate, key and the fingerprint of its key. */
export const genCa: RunCommand<Options> = async ({ options, terminal }) => {
  const { organization, hours, rsa, force } = options;
  const kind = rsa ? 'rsa' : 'ed25519';
  const ca = newCertificateAuthority({ organization, nowMs: terminal.clock.now(), ttlMs: hours * HOUR_MS, kind });
  const files = new Map([
    [`${organization}.crt`, ca.certPem],
    [`${organization}.sha256`, `${spkiFingerprint(ca.certPem)}\n`],
    [`${organization}.key`, ca.keyPem],
  ]);
  await writeOutputs(files, { terminal, isReplaced: force });
  return 0;
};
