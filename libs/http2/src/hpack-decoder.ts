import { ConnectionError, ErrorCode } from './error-code.ts';
import { Field } from './field.ts';
import { Head } from './head.ts';
import { FIRST_DYNAMIC, STATIC_TABLE } from './hpack-static.ts';
import { decodeHuffman } from './huffman.ts';

/** The largest dynamic table that we let a peer use, in bytes: the default of SETTINGS_HEADER_TABLE_SIZE. */
export const TABLE_BYTES = 4096;

const CACHED_BLOCK_BYTES = 512;
const CACHED_BLOCKS = 128;
const LONGEST_STRING = 65_536;

/**
 * Decodes the header blocks of one connection (RFC 7541), in the order in which they came. The same bytes against an
 * unchanged table give the same Head. A block larger than `listBytes` decodes to a Head with `problem` set and without the
 * fields beyond it; one that is wrong throws a ConnectionError `compressionError`, after which the decoder is of no use.
 */
export class HpackDecoder {
  readonly #listBytes: number;
  #dynamic: Field[] = [];
  #size = 0;
  #max = TABLE_BYTES;
  // Valid for the present table only: emptied whenever the table changes.
  #cache = new Map<string, Head>();
  #bytes: Buffer = Buffer.alloc(0);
  #at = 0;
  #end = 0;
  #changed = false;

  constructor(listBytes: number) {
    this.#listBytes = listBytes;
  }

  /** Decodes bytes [start, end), one whole block. */
  decode(bytes: Buffer, start: number, end: number): Head {
    const key = end - start <= CACHED_BLOCK_BYTES ? bytes.toString('latin1', start, end) : undefined;
    const known = key === undefined ? undefined : this.#cache.get(key);
    if (known !== undefined) return known;
    this.#bytes = bytes;
    this.#at = start;
    this.#end = end;
    this.#changed = false;
    const { fields, isTooLarge } = this.#fields();
    const head = new Head(fields, !this.#changed && key !== undefined);
    if (isTooLarge) head.problem = ErrorCode.enhanceYourCalm;
    if (this.#changed || this.#cache.size >= CACHED_BLOCKS) this.#cache.clear();
    if (head.isShared && key !== undefined) this.#cache.set(key, head);
    return head;
  }

  #fields(): { fields: Field[]; isTooLarge: boolean } {
    const fields: Field[] = [];
    let total = 0;
    while (this.#at < this.#end) {
      const first = this.#bytes[this.#at] ?? 0;
      if ((first & 0xe0) === 0x20) {
        if (fields.length > 0) throw wrong('table size changes inside a block');
        this.#resize(this.#integer(0x1f));
        continue;
      }
      const field = first & 0x80 ? this.#indexed(this.#integer(0x7f)) : this.#literal(first);
      total += field.size;
      if (total <= this.#listBytes) fields.push(field);
    }
    return { fields, isTooLarge: total > this.#listBytes };
  }

  #literal(first: number): Field {
    const isIndexed = (first & 0x40) !== 0;
    const nameIndex = this.#integer(isIndexed ? 0x3f : 0x0f);
    const name = nameIndex === 0 ? this.#string() : this.#indexed(nameIndex).name;
    const field = new Field(name, this.#string(), !isIndexed && (first & 0x10) !== 0);
    if (isIndexed) this.#insert(field);
    return field;
  }

  #insert(field: Field): void {
    this.#changed = true;
    this.#evict(this.#max - field.size);
    if (field.size > this.#max) return;
    this.#dynamic.push(field);
    this.#size += field.size;
  }

  #resize(max: number): void {
    if (max > TABLE_BYTES) throw wrong('table is larger than allowed');
    this.#max = max;
    this.#changed = true;
    this.#evict(max);
  }

  #evict(room: number): void {
    let gone = 0;
    for (const field of this.#dynamic) {
      if (this.#size <= room) break;
      this.#size -= field.size;
      gone++;
    }
    if (gone > 0) this.#dynamic.splice(0, gone);
  }

  #indexed(index: number): Field {
    const field = index < FIRST_DYNAMIC ? STATIC_TABLE[index] : this.#dynamic[this.#dynamic.length - 1 - (index - FIRST_DYNAMIC)];
    if (field === undefined || index === 0) throw wrong('index is outside the tables');
    return field;
  }

  #integer(mask: number): number {
    let value = (this.#bytes[this.#at++] ?? 0) & mask;
    if (value < mask) return value;
    for (let shift = 0; ; shift += 7) {
      // No honest integer needs more than four bytes here, and more would leave 32 bits.
      if (this.#at >= this.#end || shift > 21) throw wrong('integer');
      const byte = this.#bytes[this.#at++] ?? 0;
      value += (byte & 0x7f) << shift;
      if (byte < 0x80) return value;
    }
  }

  #string(): string {
    if (this.#at >= this.#end) throw wrong('string is missing');
    const isHuffman = ((this.#bytes[this.#at] ?? 0) & 0x80) !== 0;
    const length = this.#integer(0x7f);
    const start = this.#at;
    this.#at += length;
    if (this.#at > this.#end || length > LONGEST_STRING) throw wrong('string is too long');
    return isHuffman ? decodeHuffman(this.#bytes, start, this.#at) : this.#bytes.toString('latin1', start, this.#at);
  }
}

function wrong(what: string): ConnectionError {
  return new ConnectionError(ErrorCode.compressionError, `header block: ${what}`);
}
