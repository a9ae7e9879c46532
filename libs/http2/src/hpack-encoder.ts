import type { Field } from './field.ts';
import type { Head } from './head.ts';
import { TABLE_BYTES } from './hpack-decoder.ts';
import { FIRST_DYNAMIC, STATIC_NAMES } from './hpack-static.ts';

/** Names whose values hardly ever come again: putting them into the table would only push out others. */
const VOLATILE: ReadonlySet<string> = new Set([
  'authorization',
  'content-length',
  'date',
  'grpc-message',
  'grpc-status-details-bin',
  'grpc-timeout',
  'token',
  'traceparent',
  'x-request-id',
]);
const LARGEST_INDEXED = 512;
const CACHED_HEADS = 256;
/** When so little room is left in the table, it is emptied at the next occasion. */
const NEARLY_FULL = 256;

/**
 * Encodes the header blocks of one connection (RFC 7541); each block must be sent before the next is encoded. Fills its
 * table and, when that is full, empties the whole of it by a size update, so that no evictions have to be followed. Strings
 * go without Huffman code; what was never to be indexed stays so.
 */
export class HpackEncoder {
  readonly #table = new Map<string, Map<string, number>>();
  readonly #cache = new Map<Head, Buffer>();
  #count = 0;
  #size = 0;
  #max = TABLE_BYTES;
  #isResizeDue = false;
  #out = Buffer.allocUnsafeSlow(512);
  #at = 0;

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  limitTable(bytes: number): void {
    this.#max = Math.min(bytes, TABLE_BYTES);
    this.#emptyTable();
  }

  /** One block; the bytes stand until the next call. */
  encode(head: Head): Buffer {
    const known = this.#cache.get(head);
    if (known !== undefined) return known;
    if (head.isShared && this.#max > 2 * NEARLY_FULL && this.#size > this.#max - NEARLY_FULL) this.#emptyTable();
    const before = this.#count;
    const isResized = this.#isResizeDue;
    this.#at = 0;
    if (isResized) this.#writeResize();
    for (const field of head.fields) this.#writeField(field);
    const block = this.#out.subarray(0, this.#at);
    if (this.#count !== before || isResized || this.#cache.size >= CACHED_HEADS) {
      this.#cache.clear();
      return block;
    }
    if (!head.isShared) return block;
    const kept = Buffer.from(block);
    this.#cache.set(head, kept);
    return kept;
  }

  #emptyTable(): void {
    this.#table.clear();
    this.#cache.clear();
    this.#count = 0;
    this.#size = 0;
    this.#isResizeDue = true;
  }

  #writeResize(): void {
    this.#isResizeDue = false;
    this.#integer(0x20, 0x1f, 0);
    this.#integer(0x20, 0x1f, this.#max);
  }

  #writeField(field: Field): void {
    const { name, value, isNeverIndexed } = field;
    const fixed = STATIC_NAMES.get(name);
    const own = this.#table.get(name);
    const index = fixed?.byValue.get(value) ?? this.#dynamicIndex(own?.get(value));
    if (index !== undefined && !isNeverIndexed) {
      this.#integer(0x80, 0x7f, index);
      return;
    }
    const isKept = !isNeverIndexed && this.#isWorthKeeping(field);
    const nameIndex = fixed?.nameIndex ?? this.#dynamicIndex(own?.values().next().value) ?? 0;
    this.#integer(isKept ? 0x40 : isNeverIndexed ? 0x10 : 0, isKept ? 0x3f : 0x0f, nameIndex);
    if (nameIndex === 0) this.#string(name);
    this.#string(value);
    if (isKept) this.#insert(field, own);
  }

  #isWorthKeeping(field: Field): boolean {
    return field.size < LARGEST_INDEXED && this.#size + field.size <= this.#max && !VOLATILE.has(field.name);
  }

  #insert(field: Field, own: Map<string, number> | undefined): void {
    if (own === undefined) this.#table.set(field.name, new Map([[field.value, this.#count]]));
    else own.set(field.value, this.#count);
    this.#count++;
    this.#size += field.size;
  }

  #dynamicIndex(position: number | undefined): number | undefined {
    return position === undefined ? undefined : FIRST_DYNAMIC + this.#count - 1 - position;
  }

  #room(bytes: number): void {
    if (this.#at + bytes <= this.#out.length) return;
    const larger = Buffer.allocUnsafeSlow((this.#at + bytes) * 2);
    this.#out.copy(larger, 0, 0, this.#at);
    this.#out = larger;
  }

  #integer(bits: number, mask: number, value: number): void {
    this.#room(6);
    if (value < mask) {
      this.#out[this.#at++] = bits | value;
      return;
    }
    this.#out[this.#at++] = bits | mask;
    let rest = value - mask;
    for (; rest > 0x7f; rest >>>= 7) this.#out[this.#at++] = (rest & 0x7f) | 0x80;
    this.#out[this.#at++] = rest;
  }

  #string(text: string): void {
    this.#integer(0, 0x7f, text.length);
    this.#room(text.length);
    this.#out.write(text, this.#at, 'latin1');
    this.#at += text.length;
  }
}
