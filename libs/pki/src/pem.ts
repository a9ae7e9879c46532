import { Fault } from '@minos/base';

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\s]*)-----END \1-----/g;

/** One PEM block (RFC 7468). */
export interface PemBlock {
  readonly label: string;
  readonly der: Buffer;
}

/** Writes a PEM block with lines of 64 characters and a final newline. */
export function encodePem(label: string, der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join('\n')}\n-----END ${label}-----\n`;
}

/** Every PEM block in a text, in order; text around them is skipped. */
export function pemBlocks(pem: string): readonly PemBlock[] {
  return [...pem.matchAll(BLOCK)].map((m) => ({ label: m[1] ?? '', der: Buffer.from(m[2] ?? '', 'base64') }));
}

/** The bytes of the first block with this label; throws a Fault `invalid` when there is none. */
export function pemToDer(pem: string, label: string): Buffer {
  const block = pemBlocks(pem).find((b) => b.label === label);
  if (block === undefined) throw new Fault('invalid', `not a PEM block with the label ${label}`);
  return block.der;
}
