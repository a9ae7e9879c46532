/** What OpenSSL says, with numbers, functions and files around the one thing that tells somebody something (ERR_error_string(3)). */
const OPENSSL = /(?:\w+ EPROTO )?[0-9A-F]{8,}:error:[0-9A-F]+:[^:]*:[^:]*:([^:]+):[^:\s]*:\d+:(?:[^:\n]*:?)\s*/g;

/** A text of an error without what only a programmer of OpenSSL could use; pure. */
export function tidyText(text: string): string {
  return text.replaceAll(OPENSSL, (_, what: string) => `TLS: ${what}`).trimEnd();
}
