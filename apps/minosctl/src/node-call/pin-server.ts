import { Fault } from '@minos/base';

const FINGERPRINT = /^[A-Za-z0-9+/]{43}=$/;

/**
 * Makes the check that a server's certificate (DER) has one of the public keys: base64 of the SHA-256 of each, as nodes
 * log them. Throws `invalid` for what is no fingerprint; the check throws `unauthenticated` and names what it was shown.
 */
export async function pinServer(fingerprints: readonly string[]): Promise<(der: Buffer) => void> {
  const wrong = fingerprints.find((text) => !FINGERPRINT.test(text));
  if (wrong !== undefined) {
    throw new Fault(
      'invalid',
      `"${wrong}" is no fingerprint: expected the base64 of a SHA-256 (44 characters), as "fingerprint" in the log of the node`,
    );
  }
  const { spkiFingerprint } = await import('@minos/pki');
  return (der) => {
    const shown = spkiFingerprint(der);
    if (fingerprints.includes(shown)) return;
    throw new Fault('unauthenticated', `the server's certificate has the fingerprint ${shown}, not one of those given`, {
      reason: 'FINGERPRINT_MISMATCH',
    });
  };
}
