/// <reference path="./node-forge-asn1.d.ts" />
import { Fault, messageOf } from '@minos/base';
import asn1, { type Asn1Node } from 'node-forge/lib/asn1.js';

/** One ASN.1 value, as read or to be written (X.690). */
export type Der = Asn1Node;

/** Universal tags that certificates and requests use. */
export const TAG = {
  boolean: 1,
  integer: 2,
  bitString: 3,
  octetString: 4,
  null: 5,
  oid: 6,
  utf8String: 12,
  sequence: 16,
  set: 17,
  printableString: 19,
  ia5String: 22,
  utcTime: 23,
  generalizedTime: 24,
} as const;

const UNIVERSAL = 0x00;
const CONTEXT = 0x80;
const PRINTABLE = /^[A-Za-z0-9 '()+,\-./:=?]*$/;
/** From this year on times are GeneralizedTime (RFC 5280 §4.1.2.5). */
const GENERALIZED_FROM_YEAR = 2050;

function primitive(type: number, content: Uint8Array): Der {
  return asn1.create(UNIVERSAL, type, false, Buffer.from(content).toString('latin1'));
}

/** A SEQUENCE. */
export function sequence(...children: readonly Der[]): Der {
  return asn1.create(UNIVERSAL, TAG.sequence, true, children);
}

/** A SET of the given order; callers keep it sorted where DER asks for that. */
export function set(...children: readonly Der[]): Der {
  return asn1.create(UNIVERSAL, TAG.set, true, children);
}

/** A non-negative INTEGER from big-endian bytes, in its shortest form. */
export function integer(bytes: Uint8Array): Der {
  let from = 0;
  while (from < bytes.length - 1 && bytes[from] === 0) from += 1;
  const shortest = bytes.subarray(from);
  const isNegative = ((shortest[0] ?? 0) & 0x80) !== 0;
  return primitive(TAG.integer, isNegative ? Buffer.concat([Buffer.of(0), shortest]) : shortest);
}

/** An OBJECT IDENTIFIER from its dotted form. */
export function oid(dotted: string): Der {
  return primitive(TAG.oid, Buffer.from(asn1.oidToDer(dotted).getBytes(), 'latin1'));
}

/** NULL. */
export function nothing(): Der {
  return primitive(TAG.null, Buffer.alloc(0));
}

/** BOOLEAN TRUE. */
export function yes(): Der {
  return primitive(TAG.boolean, Buffer.of(0xff));
}

/** An OCTET STRING. */
export function octets(bytes: Uint8Array): Der {
  return primitive(TAG.octetString, bytes);
}

/** A BIT STRING of whole bytes, the last `unusedBits` bits of which say nothing. */
export function bits(bytes: Uint8Array, unusedBits = 0): Der {
  return primitive(TAG.bitString, Buffer.concat([Buffer.of(unusedBits), bytes]));
}

/** A name attribute's text: PrintableString where the characters allow it, UTF8String otherwise. */
export function text(value: string): Der {
  const type = PRINTABLE.test(value) ? TAG.printableString : TAG.utf8String;
  return primitive(type, Buffer.from(value, 'utf8'));
}

/** A time, to the second. */
export function time(ms: number): Der {
  const date = new Date(ms);
  const digits = date.toISOString().replace(/[-:T]|\.\d{3}/g, '');
  const isGeneralized = date.getUTCFullYear() >= GENERALIZED_FROM_YEAR;
  return primitive(isGeneralized ? TAG.generalizedTime : TAG.utcTime, Buffer.from(isGeneralized ? digits : digits.slice(2)));
}

/** A context-specific value that wraps others: `[n] EXPLICIT`, or `[n] IMPLICIT` of something constructed. */
export function contextOf(tag: number, ...children: readonly Der[]): Der {
  return asn1.create(CONTEXT, tag, true, children);
}

/** A context-specific primitive value, `[n] IMPLICIT`. */
export function contextBytes(tag: number, bytes: Uint8Array): Der {
  return asn1.create(CONTEXT, tag, false, Buffer.from(bytes).toString('latin1'));
}

/** The DER encoding. */
export function encodeDer(node: Der): Buffer {
  return Buffer.from(asn1.toDer(node).getBytes(), 'latin1');
}

/** Reads exactly one value; throws a Fault `invalid` when the bytes are anything else. */
export function decodeDer(der: Uint8Array): Der {
  try {
    return asn1.fromDer(Buffer.from(der).toString('latin1'), { strict: true, parseAllBytes: true, decodeBitStrings: false });
  } catch (e) {
    throw new Fault('invalid', `not DER: ${messageOf(e).slice(0, 80)}`);
  }
}

/** Whether a value has this universal tag. */
export function hasTag(node: Der, tag: number): boolean {
  return node.tagClass === UNIVERSAL && node.type === tag;
}

/** Whether a value is `[tag]` of the context-specific class. */
export function isContext(node: Der, tag: number): boolean {
  return node.tagClass === CONTEXT && node.type === tag;
}

/** The values inside a constructed one; throws a Fault `invalid` when it is not. */
export function childrenOf(node: Der | undefined): readonly Der[] {
  if (node === undefined || typeof node.value === 'string') throw new Fault('invalid', 'ASN.1 structure is not the expected one');
  return node.value;
}

/** The content of a primitive value; throws a Fault `invalid` when it is not one. */
export function contentOf(node: Der | undefined): Buffer {
  if (node === undefined || typeof node.value !== 'string') throw new Fault('invalid', 'ASN.1 structure is not the expected one');
  return Buffer.from(node.value, 'latin1');
}

/** The bytes of a BIT STRING without its count of unused bits. */
export function bitsOf(node: Der | undefined): Buffer {
  return contentOf(node).subarray(1);
}

/** The dotted form of an OBJECT IDENTIFIER. */
export function oidOf(node: Der | undefined): string {
  if (node === undefined || !hasTag(node, TAG.oid)) throw new Fault('invalid', 'ASN.1 structure has no object identifier here');
  return asn1.derToOid(contentOf(node).toString('latin1'));
}

/** Milliseconds since the epoch of a UTCTime or GeneralizedTime. */
export function timeOf(node: Der | undefined): number {
  const raw = contentOf(node).toString('latin1');
  const isUtc = node?.type === TAG.utcTime;
  const century = isUtc ? (Number(raw.slice(0, 2)) >= 50 ? '19' : '20') : '';
  const m = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)Z$/.exec(century + raw);
  if (m === null) throw new Fault('invalid', 'ASN.1 structure has no time here');
  return Date.parse(`${m[1]}-${m[2]}-${m[3]}T${m[4]}:${m[5]}:${m[6]}Z`);
}

/** The bytes of the first value inside an encoded SEQUENCE, as they stand: what a signature covers. */
export function firstChildBytes(der: Uint8Array): Uint8Array {
  const outer = headerAt(der, 0);
  const inner = headerAt(der, outer.contentAt);
  return der.subarray(outer.contentAt, inner.contentAt + inner.length);
}

function headerAt(der: Uint8Array, at: number): { contentAt: number; length: number } {
  const first = der[at + 1] ?? 0;
  if (first < 0x80) return { contentAt: at + 2, length: first };
  const count = first & 0x7f;
  let length = 0;
  for (let i = 0; i < count; i++) length = length * 256 + (der[at + 2 + i] ?? 0);
  return { contentAt: at + 2 + count, length };
}
