/** The `code` of an error of Node or OpenSSL; undefined when it has none. */
export function codeOfError(e: unknown): string | undefined {
  return typeof e === 'object' && e !== null && 'code' in e && typeof e.code === 'string' ? e.code : undefined;
}
