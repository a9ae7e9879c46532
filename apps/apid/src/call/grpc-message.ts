/** A field value must not begin or end with white space either: RFC 9113 §8.2.1. */
const UNESCAPED = /[^ -$&-~]|^ | $/gu;

/** A status message as it goes into `grpc-message`: `%` and all outside of printable ASCII as escaped UTF-8. */
export function encodeGrpcMessage(text: string): string {
  return text.replace(UNESCAPED, (character) => {
    let escaped = '';
    for (const byte of Buffer.from(character)) escaped += `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    return escaped;
  });
}

/** The text in a `grpc-message`; broken escapes stay as they are. */
export function decodeGrpcMessage(escaped: string): string {
  if (!escaped.includes('%')) return escaped;
  const bytes = escaped.replace(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString('utf8');
}
