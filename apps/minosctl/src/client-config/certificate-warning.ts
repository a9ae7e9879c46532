import type { ConnectionContext } from './load-context.ts';

/** Why nodes will refuse the certificate of a context, which they can only do by ending the connection; undefined when they should not. */
export async function certificateWarning(
  { name, crt }: Pick<ConnectionContext, 'name' | 'crt'>,
  nowMs: number,
): Promise<string | undefined> {
  const { parseCertificate } = await import('@minos/pki');
  const { notBeforeMs, notAfterMs, extendedKeyUsages } = parseCertificate(crt);
  const say = (what: string): string =>
    `warning: the certificate of context "${name}" ${what}; nodes refuse it, ask for a new one`;
  if (notAfterMs <= nowMs) return say(`expired at ${new Date(notAfterMs).toISOString()}`);
  if (notBeforeMs > nowMs) return say(`is not valid before ${new Date(notBeforeMs).toISOString()}`);
  const isClientOnly = extendedKeyUsages.length === 1 && extendedKeyUsages[0] === 'clientAuth';
  return isClientOnly ? undefined : say('is not one for clients alone');
}
