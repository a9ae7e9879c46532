/** A number of the kernel as it stands in text; 0 when it is none. Pure. */
export function count(text: string | undefined): bigint {
  return text !== undefined && /^\d+$/.test(text) ? BigInt(text) : 0n;
}

/** The words of a line. */
export function words(line: string): string[] {
  return line.trim().split(/\s+/).filter(Boolean);
}
